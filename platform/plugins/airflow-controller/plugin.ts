import { definePlugin } from "../plugin.ts";
import { telemetryPort } from "../telemetry.ts";

/** It lives on the deployments' database, which only answers where they run. */
export const airflowController = definePlugin({
  name: "airflow-controller",
  runs: "where active",
  telemetryPort,
  env: ({ databaseUrl }) => ({ DATABASE_URL: databaseUrl }),
});
