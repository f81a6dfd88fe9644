import type { CheckContext, History, Millis } from "../harness/types.ts";
import type { Interval } from "./interval.ts";
import { once } from "./once.ts";
import type { Outage } from "./outage.ts";
import { heartbeats, looks, succeeded, type WitnessedStage } from "./vocabulary.ts";

/** When something was first seen done after the fault, by a witness that looked all the while. */
export interface Witnessed extends Interval {
  /** What was last seen of it before the heal. */
  readonly lastSeen: string;
  readonly evidence: readonly number[];
}

/** Between the last look that found it undone and the first that found it done; `high` is null when none did. Undefined: nobody looked. */
export const witnessed = (
  history: History,
  stage: WitnessedStage,
  outage: Outage,
  region?: string,
): Witnessed | undefined =>
  once(history, `witnessed ${JSON.stringify([stage, outage, region])}`, () =>
    witnessedIn(history, stage, outage, region),
  );

function witnessedIn(history: History, stage: WitnessedStage, outage: Outage, region?: string): Witnessed | undefined {
  let low = outage.from.low;
  let undone: number | undefined;
  let lastSeen: string | undefined;
  let done: { at: Millis; index: number } | undefined;
  for (const { invocation, completion } of looks(history, stage)) {
    if (region !== undefined && (invocation.value?.region ?? region) !== region) continue;
    if (invocation.time < outage.from.low || completion === undefined || completion.time > outage.until) continue;
    const sight = completion.type === "ok" ? completion.value : undefined;
    lastSeen = sight?.state ?? completion.error ?? "no answer";
    if (done !== undefined || sight === undefined) continue;
    if (sight.done) done = { at: completion.time, index: completion.index };
    else [low, undone] = [Math.max(low, invocation.time), completion.index];
  }
  if (lastSeen === undefined) return undefined;
  const evidence = [undone, done?.index].filter((index) => index !== undefined);
  return { low, high: done?.at ?? null, lastSeen, evidence };
}

/** A second in which the tasks were served: this share of those alive at the fault beat, and this share of all heartbeats were answered. */
const SERVED_SHARE = 0.95;

/** When tasks were served again, for as many seconds in a row as a deployment needs to count as up. Undefined: no heartbeats were counted. */
export function tasksServed(
  history: History,
  outage: Outage,
  { objectives, timing }: CheckContext,
): Witnessed | undefined {
  const seconds = succeeded(heartbeats(history)).sort((a, b) => a.began - b.began);
  const during = seconds.filter(({ ended }) => ended > outage.from.low && ended <= outage.until);
  if (during.length === 0) return undefined;
  const wanted = Math.min(aliveAtFault(history, outage)?.alive ?? 0, objectives.tasksAliveAtLeast);
  let low = outage.from.low;
  let wasOut = false;
  let run: typeof during = [];
  const evidence: number[] = [];
  for (const second of during) {
    const { due, ok, alive } = second.seen;
    if (due > 0 && ok >= SERVED_SHARE * due && alive >= SERVED_SHARE * wanted) {
      run.push(second);
      continue;
    }
    if (run.length >= timing.upAfter && wasOut) break;
    [low, wasOut, run] = [Math.max(low, second.began), true, []];
    evidence[0] = second.index;
  }
  const last = during.at(-1);
  const lastSeen =
    last === undefined ? "" : `${last.seen.alive} alive, ${last.seen.ok} of ${last.seen.due} heartbeats answered`;
  if (!wasOut) return { low, high: outage.from.high, lastSeen, evidence: run.slice(0, 1).map(({ index }) => index) };
  const [start] = run;
  if (start === undefined || run.length < timing.upAfter) return { low, high: null, lastSeen, evidence };
  return { low, high: start.ended, lastSeen, evidence: [...evidence, start.index] };
}

/** The last whole second before the fault. */
export function aliveAtFault(history: History, outage: Outage): { alive: number; index: number } | undefined {
  const last = succeeded(heartbeats(history))
    .filter(({ ended }) => ended <= outage.from.low)
    .sort((a, b) => a.began - b.began)
    .at(-1);
  return last && { alive: last.seen.alive, index: last.index };
}
