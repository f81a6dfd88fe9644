import { definePlugin } from "../plugin.ts";
import { telemetryPort } from "../telemetry.ts";

/** Where deployments may go, as `host:port` each on a line; a name that begins with `*.` stands for all below it. */
const allowed = ["*.amazonaws.com:443", "pypi.org:443", "files.pythonhosted.org:443"];

export const egress = definePlugin({
  name: "egress",
  runs: "everywhere",
  telemetryPort,
  env: () => ({ PROXY_PORT: 3128, ALLOWED: allowed.join(" ") }),
});
