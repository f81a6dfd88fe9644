import { codeOf } from "../aws/errors.ts";
import { isInSync, plainName, targetOf, upsert } from "../aws/records.ts";
import type { Step } from "./step.ts";

/**
 * Step 4: points the one ingress record at the load balancer of the region that takes over. Run again after a crash it writes the same record
 * once more, because only the answer to a write names the change whose spreading can be followed.
 */
export const dns: Step = {
  name: "dns",
  ask: ({ hostedZoneId, ingressName, ingressTtlSeconds, loadBalancer }, { aws }) => {
    const route53 = aws.route53();
    let change: string | undefined;
    const point = async () => {
      const record = { name: ingressName, target: loadBalancer, ttlSeconds: ingressTtlSeconds };
      change = await upsert(route53, hostedZoneId, [record]);
    };
    return async () => {
      const target = await targetOf(route53, hostedZoneId, ingressName);
      const detail = `${ingressName} is ${target ?? "no name"}`;
      if (target !== plainName(loadBalancer) || change === undefined) return { done: false, detail, act: point };
      try {
        const done = await isInSync(route53, change);
        return { done, detail: `${detail}, ${done ? "INSYNC" : "PENDING"}` };
      } catch (error) {
        // A control plane that was restored elsewhere may have lost the change: write it again.
        if (codeOf(error) === "NoSuchChange") change = undefined;
        throw error;
      }
    };
  },
};
