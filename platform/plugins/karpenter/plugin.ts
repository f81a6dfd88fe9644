import { definePlugin } from "../plugin.ts";

export const karpenter = definePlugin({
  name: "karpenter",
  runs: "everywhere",
  env: ({ node }) => ({ NODE_CPU: node.cpu, NODE_MEMORY: node.memory }),
});
