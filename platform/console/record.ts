import { targetOf } from "../aws/records.ts";
import { nowMs, within } from "../clock.ts";
import type { Cluster } from "../cluster.ts";
import type { Context } from "../control-plane/context.ts";

/** Where the name that users follow pointed when it was last asked for. */
export interface RecordSeen {
  readonly name: string;
  /** undefined while it could not be asked for, or has none. */
  readonly target: string | undefined;
  /** The region whose load balancer that is. */
  readonly region: string | undefined;
  readonly seenMs: number | undefined;
  /** Why the latest question had no answer. */
  readonly fault: string | undefined;
}

/** A page asks each second; the zone's own control plane need not be asked so often. */
const freshMs = 3_000;
/** A page does not wait longer than this for DNS: it shows what it knew before. */
const waitMs = 800;

/** Asks for ingress records, no oftener than anybody needs to know, and remembers the answers. */
export function recordsOf({ aws, config, resolveAlias }: Context): (cluster: Cluster) => Promise<RecordSeen> {
  const known = new Map<string, RecordSeen>();
  const asking = new Map<string, Promise<void>>();
  const ask = async ({ id, resources }: Cluster, name: string) => {
    try {
      // Of a pair the zone's own control plane has both parts, and cannot say which one is answered with.
      const isSwitched = resources !== null && resources.dnsSwitch !== null;
      const question = isSwitched ? resolveAlias(name) : targetOf(aws.route53(), resources?.hostedZoneId ?? "", name);
      const target = await within(config.callWithinMs, isSwitched ? "DNS" : "Route 53", question);
      const [region] =
        Object.entries(resources?.regions ?? {}).find(([, place]) => place.loadBalancer === target) ?? [];
      known.set(id, { name, target, region, seenMs: nowMs(), fault: undefined });
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      known.set(id, { ...(known.get(id) ?? nothing(name)), fault });
    }
  };
  return async (cluster) => {
    const name = cluster.resources?.ingressName;
    if (name === undefined) return nothing("");
    const before = known.get(cluster.id);
    if (before?.seenMs !== undefined && nowMs() - before.seenMs < freshMs) return before;
    if (!asking.has(cluster.id)) {
      asking.set(
        cluster.id,
        ask(cluster, name).finally(() => asking.delete(cluster.id)),
      );
    }
    await within(waitMs, "DNS", asking.get(cluster.id) ?? Promise.resolve()).catch(() => undefined);
    return known.get(cluster.id) ?? nothing(name);
  };
}

const nothing = (name: string): RecordSeen => ({
  name,
  target: undefined,
  region: undefined,
  seenMs: undefined,
  fault: undefined,
});
