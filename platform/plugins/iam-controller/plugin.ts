import { definePlugin } from "../plugin.ts";
import { telemetryPort } from "../telemetry.ts";

export const iamController = definePlugin({
  name: "iam-controller",
  runs: "everywhere",
  telemetryPort,
  env: ({ health }) => ({ CHECK_EVERY_MS: health.checkEveryMs }),
});
