import { isSwitchOn, setSwitch } from "../aws/dns-switch.ts";
import { plainName } from "../aws/records.ts";
import type { Ask } from "../converge.ts";
import type { DnsSwitch } from "../dns-switch.ts";
import type { FailoverRecord, FailoverTools } from "./step.ts";

/**
 * Flips the switch in the second region, on to go there and off to come back, and waits until the name servers answer accordingly. It needs the
 * S3 of that region, health checkers and name servers: data planes all of them. Route 53's control plane is not asked, not even how far it is.
 */
export function flipSwitch(
  { to, ingressName, loadBalancer }: Pick<FailoverRecord, "to" | "ingressName" | "loadBalancer">,
  dnsSwitch: DnsSwitch,
  { aws, resolveAlias }: Pick<FailoverTools, "aws" | "resolveAlias">,
): Ask {
  const s3 = aws.s3(dnsSwitch.region);
  const wanted = to === dnsSwitch.region;
  return async () => {
    const isOn = await isSwitchOn(s3, dnsSwitch);
    const seen = `the switch in ${dnsSwitch.region} is ${isOn ? "on" : "off"}`;
    if (isOn !== wanted) return { done: false, detail: seen, act: () => setSwitch(s3, dnsSwitch, wanted) };
    const target = await resolveAlias(ingressName);
    const detail = `${seen}, ${ingressName} is answered with ${target ?? "no name"}`;
    return { done: target === plainName(loadBalancer), detail };
  };
}
