import type { Millis } from "../../harness/types.ts";
import { countOf, duration } from "../../harness/words.ts";
import { type Done, keysOf, type SweepPlan } from "./journal.ts";
import { baselineOf, outcomeOf } from "./played.ts";

export interface Progress {
  readonly done: number;
  readonly of: number;
  /** Undefined before the first play has ended. */
  readonly leftMs: Millis | undefined;
}

/** How far a sweep is, and how long the rest will take if it goes on as before. */
export function progressOf(plan: SweepPlan, done: ReadonlyMap<string, Done>): Progress {
  const keys = keysOf(plan);
  const ended = keys.flatMap((key) => done.get(key) ?? []);
  // The mean: one edge that breaks takes as long as five that do not.
  const spentMs = ended.reduce((sum, { wallMs }) => sum + wallMs, 0);
  return {
    done: ended.length,
    of: keys.length,
    leftMs: ended.length === 0 ? undefined : (spentMs / ended.length) * (keys.length - ended.length),
  };
}

/** One line after each play: `7 of 23 · rds@us-west-2 breaks at database-failover · about 6 min left`. */
export function progressLine(plan: SweepPlan, done: ReadonlyMap<string, Done>, key: string): string {
  const { done: ended, of, leftMs } = progressOf(plan, done);
  const left = ended === of ? "all done" : leftMs === undefined ? "" : `about ${duration(leftMs)} left`;
  return [`${ended} of ${of}`, `${key} ${newsOf(plan, done, key)}`, left].filter((part) => part !== "").join(" · ");
}

function newsOf(plan: SweepPlan, done: ReadonlyMap<string, Done>, key: string): string {
  const one = done.get(key)?.played;
  if (one === undefined) return "is not done";
  if (key.startsWith("baseline-"))
    return one.end === "arrived" ? `took ${duration(one.tookMs)}` : `did not arrive: ${one.because}`;
  const baselines = keysOf(plan).slice(0, plan.baselines);
  const outcome = outcomeOf(one, baselineOf(baselines.flatMap((name) => done.get(name)?.played ?? [])));
  switch (outcome.outcome) {
    case "survives":
      return `survives, ${duration(outcome.tookMs)}`;
    case "slower":
      return `is slower by ${duration(outcome.byMs)}`;
    case "breaks":
      return `breaks at ${outcome.step}`;
    case "unknown":
      return `is not known: ${outcome.because}`;
  }
}

/** What stands before the first play. */
export function opening(plan: SweepPlan, done: ReadonlyMap<string, Done>, broken: readonly string[]): string {
  const begun = `${countOf(plan.edges.length, "edge")}, one at a time, after ${countOf(plan.baselines, "failover")} with all of them well`;
  if (done.size === 0 && broken.length === 0) return begun;
  const again = broken.length === 0 ? "" : `; ${broken.join(", ")} was under way when it ended, and is played again`;
  return `${begun}: goes on after ${countOf(done.size, "play")}${again}`;
}
