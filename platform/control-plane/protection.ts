import { nowMs } from "../clock.ts";
import type { Cluster } from "../cluster.ts";
import type { Context } from "./context.ts";
import { type Operation, targetOf } from "./operation.ts";
import { latestCleanUp, latestMove } from "./operations.ts";
import { silenceOf } from "./silence.ts";

/**
 * What the loss of the active region would cost now: `protected`, another region can take over; `rebuilding`, it is being made able to;
 * `suspended`, it can, but loss is not bounded; `unprotected`, none can.
 */
export interface Protection {
  readonly state: "protected" | "rebuilding" | "suspended" | "unprotected";
  readonly because: string;
  /** Since when the state is this one, wall ms. */
  readonly sinceMs: number;
}

/** All that is known about a cluster's protection. */
export interface Known {
  readonly cluster: Pick<Cluster, "id" | "region" | "dr_region" | "active_region" | "state" | "loss_bound">;
  /** The latest failover or failback, and the clean-up that followed it. */
  readonly move: Pick<Operation, "kind" | "state" | "region"> | undefined;
  readonly cleanUp: Pick<Operation, "state" | "steps"> | undefined;
  /** Why a region counts as gone; undefined while it is heard. */
  readonly silence: (region: string) => string | undefined;
  readonly candidates: readonly string[];
}

export function judgeProtection({ cluster, move, cleanUp, silence, candidates }: Known): Omit<Protection, "sinceMs"> {
  const { dr_region, active_region, state, loss_bound } = cluster;
  if (dr_region === null) {
    const choices =
      candidates.length === 0 ? "no region is left to choose" : `set dr_region to ${candidates.join(" or ")}`;
    return { state: "unprotected", because: `there is no second region; ${choices}` };
  }
  if (state !== "active") return { state: "rebuilding", because: `the second region ${dr_region} is being made` };
  if (move?.state === "running" || move?.state === "failed") {
    const to = targetOf(move, cluster);
    const how = move.state === "running" ? "is running" : "has failed";
    return { state: "unprotected", because: `a ${move.kind} to ${to} ${how}` };
  }
  const standby = active_region === dr_region ? cluster.region : dr_region;
  const gone = silence(standby) ?? silence(active_region);
  const rebuilt = cleanUp?.steps.find(({ name }) => name === "rebuilt");
  const isRebuilt = cleanUp === undefined || rebuilt?.state === "done";
  if (gone !== undefined) return { state: "unprotected", because: gone };
  if (!isRebuilt) return { state: "rebuilding", because: rebuilt?.detail || `${standby} is being rebuilt` };
  if (loss_bound === "suspended") return { state: "suspended", because: "the bound of loss is suspended" };
  return { state: "protected", because: `${standby} can take over from ${active_region}` };
}

/** How protected the cluster is now, and since when; kept, so that a restart forgets neither. */
export function protectionOf(context: Context, cluster: Cluster): Protection {
  const { store, config, startedMs } = context;
  const before = store.protection(cluster.id);
  const known: Known = {
    cluster,
    move: latestMove(context, cluster.id),
    cleanUp: latestCleanUp(context, cluster.id),
    silence: (region) => silenceOf(context, cluster.id, region),
    candidates: secondaryCandidates(context, cluster),
  };
  const now = judgeProtection(known);
  // A control plane that has just begun has not heard anybody yet: silence says nothing then.
  const deaf = nowMs() - startedMs < config.health.everyMs * config.health.missed;
  const audible = judgeProtection({ ...known, silence: () => undefined });
  if (deaf && before !== undefined && now.state !== audible.state) return before;
  if (before?.state === now.state) return { ...now, sinceMs: before.sinceMs };
  const protection = { ...now, sinceMs: nowMs() };
  store.putProtection(cluster.id, protection);
  return protection;
}

/** The regions that could become the cluster's second. */
export function secondaryCandidates({ config }: Context, { region, dr_region, abandoned_regions }: Cluster): string[] {
  const taken = [region, dr_region, ...abandoned_regions];
  return Object.keys(config.aws).filter((each) => !taken.includes(each));
}
