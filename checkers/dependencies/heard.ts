import type { EgressActor } from "../../harness/egress.ts";
import type { History, Millis } from "../../harness/types.ts";
import { duration, some } from "../../harness/words.ts";
import type { Outage } from "../outage.ts";
import { type EgressWatch, egressBeats, succeeded } from "../vocabulary.ts";

/** So long a recorder may be silent: it beats every two seconds, and a process may be restarted. */
const silentAtMostMs = 10_000;

export interface Heard {
  /** Why nothing can be concluded from what was not seen; undefined when all that was expected was recorded all the time. */
  readonly trouble?: string;
  readonly recorders: readonly { readonly by: string; readonly pids: number; readonly beats: number }[];
  /** The last beat of each actor before the fault. */
  readonly evidence: readonly number[];
}

/** Whether the recorder of each expected actor was heard before the fault, and of those that are not in the lost region, until the heal. */
export function heard(history: History, { actors }: EgressWatch, outage: Outage, lost: string): Heard {
  const beats = succeeded(egressBeats(history));
  const troubles: string[] = [];
  const evidence: number[] = [];
  const recorders = actors.map((actor) => {
    const own = beats.filter(({ asked }) => isBy(actor, asked.by)).sort((a, b) => a.ended - b.ended);
    const before = own.findLast(({ ended }) => ended <= outage.from.low);
    if (before !== undefined) evidence.push(before.index);
    if (before === undefined || outage.from.low - before.ended > silentAtMostMs)
      troubles.push(`no recorder of ${actor.by} was heard before the fault`);
    else if (actor.region !== lost) {
      const times = own.map(({ ended }) => ended).filter((time) => time >= before.ended && time < outage.until);
      const gap = longestGap([...times, outage.until]);
      if (gap > silentAtMostMs)
        troubles.push(`no recorder of ${actor.by} was heard for ${duration(gap)} after the fault`);
    }
    const pids = new Set(own.map(({ asked }) => asked.pid));
    return { by: actor.by, pids: pids.size, beats: own.length };
  });
  const dropped = droppedIn(beats.filter(({ ended }) => ended >= outage.from.low));
  if (dropped > 0) troubles.push(`${dropped} attempts were too many to record`);
  return { ...(troubles.length === 0 ? {} : { trouble: some(troubles) }), recorders, evidence };
}

export const isBy = ({ by }: Pick<EgressActor, "by">, label: string): boolean =>
  by.endsWith("/") ? label.startsWith(by) : label === by;

const longestGap = (times: readonly Millis[]): Millis =>
  times.slice(1).reduce((longest, time, n) => Math.max(longest, time - (times[n] ?? time)), 0);

/** The counts only grow within a process; what it dropped before the fault counts too, for nobody can say what it was. */
function droppedIn(beats: readonly { asked: { by: string; pid: number }; seen: { dropped: number } }[]): number {
  const byProcess = new Map(beats.map(({ asked, seen }) => [`${asked.by} ${asked.pid}`, seen.dropped]));
  return [...byProcess.values()].reduce((sum, one) => sum + one, 0);
}
