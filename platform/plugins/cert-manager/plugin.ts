import { definePlugin } from "../plugin.ts";
import { telemetryPort } from "../telemetry.ts";

export const certManager = definePlugin({
  name: "cert-manager",
  runs: "everywhere",
  telemetryPort,
  env: ({ ingressName }) => ({ DNS_NAME: ingressName }),
});
