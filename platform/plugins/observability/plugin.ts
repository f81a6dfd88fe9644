import { definePlugin } from "../plugin.ts";
import { telemetryPort } from "../telemetry.ts";

export const observability = definePlugin({
  name: "observability",
  runs: "everywhere",
  telemetryPort,
  env: ({ telemetryId, globalCluster, resources, node, health, plugins }) => ({
    TELEMETRY_ID: telemetryId,
    LOG_BUCKET: resources.bucket,
    GLOBAL_CLUSTER: globalCluster,
    DATABASE_CLUSTER: resources.databaseCluster,
    NODE_CPU: node.cpu,
    NODE_MEMORY: node.memory,
    PLUGINS: plugins.join(" "),
    CHECK_EVERY_MS: health.checkEveryMs,
    OBJECTS_BEHIND_MS: health.objectsBehindMs,
    DATABASE_BEHIND_MS: health.databaseBehindMs,
  }),
});
