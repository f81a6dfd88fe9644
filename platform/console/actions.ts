import type { Cluster } from "../cluster.ts";

export type ActionName =
  | "fail-over"
  | "fail-back"
  | "return"
  | "give-up"
  | "suspend-bound"
  | "enforce-bound"
  | "protect";

/** Something an operator can ask for, in words for somebody who does it for the first time. */
export interface Action {
  readonly name: ActionName;
  readonly title: string;
  /** What it is for, in one sentence. */
  readonly purpose: string;
  /** What will happen, in order. */
  readonly happens: readonly string[];
  /** What may be lost by it. */
  readonly loses: string;
  /** Why it cannot be asked for now; undefined when it can. */
  readonly whyNot: string | undefined;
}

/** What an operator may want of this cluster now: of the two about the bound of loss, the one that applies. */
export function offered(cluster: Cluster, lossBoundSeconds: number | null): readonly Omit<Action, "whyNot">[] {
  const { region, dr_region, active_region, loss_bound } = cluster;
  if (dr_region === null) return [protect(region)];
  const standby = active_region === region ? dr_region : region;
  return [
    failOver(region, dr_region, lossBoundSeconds, loss_bound),
    failBack(region, dr_region),
    ...(active_region === dr_region ? [goBack(region, dr_region, lossBoundSeconds, loss_bound)] : []),
    giveUp(standby, active_region),
    loss_bound === "enforced" ? suspendBound(standby, lossBoundSeconds) : enforceBound(standby, lossBoundSeconds),
  ];
}

const failOver = (from: string, to: string, seconds: number | null, bound: Cluster["loss_bound"]) => ({
  name: "fail-over" as const,
  title: `Fail over to ${to}`,
  purpose: `For when ${from} is lost or about to be: ${to} takes over.`,
  happens: [
    `The database in ${to} gets compute, and is made the writer. Nothing is asked of ${from}.`,
    `The deployments start in ${to}; users wait until they are ready.`,
    `The name that users follow is pointed at ${to}.`,
    `Until ${from} is back and rebuilt, no other region can take over.`,
  ],
  loses: lostOnTheWayTo(to, seconds, bound),
});

const lostOnTheWayTo = (to: string, seconds: number | null, bound: Cluster["loss_bound"]): string =>
  seconds === null || bound === "suspended"
    ? `Every change that had not reached ${to}: how much is not bounded now. Logs of the last minutes may be missing, and running tasks start again.`
    : `Changes of the last ${seconds} seconds or less that had not reached ${to}. Logs of up to 15 minutes may be missing, and running tasks start again.`;

const failBack = (to: string, from: string) => ({
  name: "fail-back" as const,
  title: `Fail back to ${to}`,
  purpose: `For when ${to} is well again: the cluster returns to its primary region.`,
  happens: [
    `The database in ${to} gets compute. Writes stop for a moment, and the two databases change places when they are equal.`,
    `The deployments stop in ${from} and start in ${to}; users wait until they are ready.`,
    `The name that users follow is pointed at ${to}.`,
  ],
  loses: "No data. Running tasks start again.",
});

const goBack = (to: string, from: string, seconds: number | null, bound: Cluster["loss_bound"]) => ({
  name: "return" as const,
  title: `Go back to ${to} without ${from}`,
  purpose: `For when ${from} is lost in its turn: ${to} takes over again. While ${from} is well, fail back instead.`,
  happens: [
    `A failback that runs is stopped. The database in ${to} gets compute, and is made the writer. Nothing is asked of ${from}.`,
    `The deployments start in ${to}; users wait until they are ready.`,
    `The name that users follow is pointed at ${to}.`,
    `Until ${from} is back and rebuilt, no other region can take over.`,
  ],
  loses: lostOnTheWayTo(to, seconds, bound),
});

const giveUp = (lost: string, other: string) => ({
  name: "give-up" as const,
  title: `Give ${lost} up`,
  purpose: `For when ${lost} never returns: the cluster goes on in ${other} alone, free to get another second region.`,
  happens: [
    `The database in ${lost} is removed from the global database. What is there is not used again.`,
    `The cluster has no second region: it stays unprotected until you choose another.`,
  ],
  loses: `The copy in ${lost}. Until another region is chosen, the loss of ${other} is the loss of everything.`,
});

const suspendBound = (standby: string, seconds: number | null) => ({
  name: "suspend-bound" as const,
  title: "Suspend the bound of loss",
  purpose: `For when writes stall because ${standby} does not confirm them: writes go on without it.`,
  happens: [
    `The database no longer holds writes back until ${standby} has those older than ${seconds ?? 20} seconds.`,
    "It stays so until you set the bound again.",
  ],
  loses: "Nothing now. If this region is lost meanwhile, everything that had not reached the other one.",
});

const enforceBound = (standby: string, seconds: number | null) => ({
  name: "enforce-bound" as const,
  title: "Set the bound of loss again",
  purpose: `For when ${standby} keeps up again: a loss costs ${seconds ?? 20} seconds at most.`,
  happens: [
    `Writes wait whenever ${standby} is more than ${seconds ?? 20} seconds behind. If it is silent, they stall.`,
  ],
  loses: "Nothing.",
});

const protect = (region: string) => ({
  name: "protect" as const,
  title: "Choose a second region",
  purpose: `The cluster lives in ${region} alone: a second region can take over when it is lost.`,
  happens: [
    "Everything the cluster needs is made there, and the database and the objects are copied to it.",
    "It is protected when that is done; users notice nothing.",
  ],
  loses: "Nothing.",
});
