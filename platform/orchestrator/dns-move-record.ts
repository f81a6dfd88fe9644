import { codeOf } from "../aws/errors.ts";
import { isInSync, plainName, readSets, replaceSets, sameSets, singleSet } from "../aws/records.ts";
import type { Ask } from "../converge.ts";
import type { FailoverRecord, FailoverTools } from "./step.ts";

/**
 * Points the one ingress record at the load balancer, by Route 53's control plane, whatever stood in its place. Run again after a crash it writes the
 * same record once more, because only the answer to a write names the change whose spreading can be followed.
 */
export function moveRecord(record: FailoverRecord, { aws }: Pick<FailoverTools, "aws">): Ask {
  const { hostedZoneId, ingressName, ingressTtlSeconds, loadBalancer } = record;
  const route53 = aws.route53();
  const wanted = [singleSet({ name: ingressName, target: loadBalancer, ttlSeconds: ingressTtlSeconds })];
  let change: string | undefined;
  const waits = async () => {
    const region = await route53.config.region();
    return { service: "route53", operation: "ChangeResourceRecordSets", region, answered: true };
  };
  return async () => {
    const sets = await readSets(route53, hostedZoneId, ingressName);
    const targets = sets.map(({ ResourceRecords }) => plainName(ResourceRecords?.[0]?.Value));
    const detail = `${ingressName} is ${targets.join(" or ") || "no name"}`;
    if (!sameSets(sets, wanted) || change === undefined) {
      const act = async () => {
        change = await replaceSets(route53, hostedZoneId, sets, wanted);
      };
      return { done: false, detail, act, waitsOn: await waits() };
    }
    try {
      if (await isInSync(route53, change)) return { done: true, detail: `${detail}, INSYNC` };
      return { done: false, detail: `${detail}, PENDING`, waitsOn: await waits() };
    } catch (error) {
      // A control plane that was restored elsewhere may have lost the change: write it again.
      if (codeOf(error) === "NoSuchChange") change = undefined;
      throw error;
    }
  };
}
