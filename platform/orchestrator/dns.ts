import { moveRecord } from "./dns-move-record.ts";
import { flipSwitch } from "./dns-switch.ts";
import type { Step } from "./step.ts";

/** Step 4: leads the one ingress name to the load balancer of the region that takes over, by whichever strategy the cluster has. */
export const dns: Step = {
  name: "dns",
  ask: (record, tools) =>
    record.dnsSwitch === null ? moveRecord(record, tools) : flipSwitch(record, record.dnsSwitch, tools),
};
