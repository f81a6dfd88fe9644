import { controlPlanes } from "../../checkers/dependencies/atlas.ts";
import { isBy } from "../../checkers/dependencies/heard.ts";
import { atlasOf, hiddenPlaneOf, type Served } from "../../checkers/dependencies/served.ts";
import { type EgressSeen, egressAttempts, egressWatches } from "../../checkers/vocabulary.ts";
import { UsageError } from "../../harness/errors.ts";
import type { History, Millis } from "../../harness/types.ts";

/** A service in a region: what a sweep fails alone. */
export interface Edge {
  readonly service: string;
  readonly region: string;
}

/** An edge, and how it came to be one. */
export interface FoundEdge extends Edge {
  /** `seen`: something went there. `atlas`: what was seen needs it besides, or it is a control plane that all share. */
  readonly how: "seen" | "atlas";
  readonly because: string;
  readonly by: readonly string[];
  /** Lines of code that lead to it. */
  readonly from: readonly string[];
}

/** `rds@us-west-2`: how edges are named in journals and on the command line. */
export const keyOf = ({ service, region }: Edge): string => `${service}@${region}`;

export interface Ground {
  readonly regions: { readonly lost: string; readonly survivor: string; readonly controlPlanes: string };
  /** What stands behind an address that no SDK call names: `kubernetes`, `database`; undefined where that is nobody's own edge. */
  readonly doorOf: (host: string, port: number | undefined) => string | undefined;
  /** Whether the environment can fail it. */
  readonly canFail: (edge: Edge) => boolean;
}

/**
 * Edges that a failover leans on: where the run's recorders saw it go while it was under way, what the atlas says that this needs besides, and
 * the control planes that all regions share. Those that the environment cannot fail are left out. Throws `UsageError` when nobody recorded.
 */
export function edgesOf(history: History, ground: Ground): FoundEdge[] {
  const watch = egressWatches(history)[0]?.invocation.value;
  if (watch === undefined) throw new UsageError("nobody recorded in this run what the failover leans on");
  const servedBy = atlasOf(watch);
  const { from, until } = failoverOf(history);
  const found = new Map<string, FoundEdge>();
  const add = (edge: FoundEdge): void => {
    if (!ground.canFail(edge)) return;
    const known = found.get(keyOf(edge));
    found.set(keyOf(edge), known === undefined ? edge : joined(known, edge));
  };
  for (const { invocation } of egressAttempts(history)) {
    const seen = invocation.value;
    if (seen === undefined || invocation.time < from || invocation.time > until) continue;
    const actor = watch.actors.find((one) => isBy(one, seen.by));
    // What the harness does is no part of the failover, and what runs in the region that is left need not help.
    if (actor?.isHarness === true || (actor?.region !== undefined && actor.region === ground.regions.lost)) continue;
    for (const served of servedBy(seen)) {
      const service = serviceOf(seen, served, ground);
      if (service === undefined) continue;
      const how = served.how === "hidden" || served.how === "possible" ? "atlas" : "seen";
      const { region, because } = served;
      add({ service, region, how, because, by: [seen.by], from: seen.at === undefined ? [] : [seen.at] });
    }
  }
  for (const { services, because } of controlPlanes)
    for (const service of services)
      add({ service, region: ground.regions.controlPlanes, how: "atlas", because, by: [], from: [] });
  return [...found.values()].sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
}

function serviceOf({ service, via, host = "", port }: EgressSeen, { how }: Served, { doorOf }: Ground) {
  if (how === "hidden" || how === "possible") return hiddenPlaneOf(service);
  return service ?? (via === "dns" ? "dns" : doorOf(host, port));
}

function joined(one: FoundEdge, other: FoundEdge): FoundEdge {
  const isSeen = one.how === "seen" || other.how === "seen";
  const first = other.how === "seen" && one.how !== "seen" ? other : one;
  return {
    ...first,
    how: isSeen ? "seen" : "atlas",
    by: [...new Set([...one.by, ...other.by])],
    from: [...new Set([...one.from, ...other.from])],
  };
}

/** From the request to the end of the last step that was told. */
function failoverOf(history: History): { readonly from: Millis; readonly until: Millis } {
  const [request] = [...history.pairs("failover", "request")];
  const steps = [...history.pairs("failover", "step")];
  if (request === undefined) throw new UsageError("no failover was asked for in this run");
  const ends = steps.map(({ completion }) => completion?.time ?? Number.POSITIVE_INFINITY);
  return { from: request.invocation.time, until: ends.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...ends) };
}
