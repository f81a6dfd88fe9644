import type { Checker, History, Millis, Outcome, Verdict } from "../harness/types.ts";
import { duration } from "../harness/words.ts";
import { endOf, firstDisturbance } from "./outage.ts";
import { type EngineHealth, heartbeats, pairsOf, succeeded } from "./vocabulary.ts";

export interface GeneratorOptions {
  /** 99 of 100 heartbeats of the steady state begin within this of their time. */
  readonly lateAtMostMs?: Millis;
  /** Share of the heartbeats due in the steady state that may be missed. */
  readonly missedShareAtMost?: number;
}

/** Whether the load generator did what it was told in the steady state. What it could not do during the outage is the platform's doing. */
export const generator = ({ lateAtMostMs = 50, missedShareAtMost = 0.01 }: GeneratorOptions = {}): Checker => ({
  name: "generator",
  kind: "validity",
  check(history, { timing }) {
    const engine = engineOf(history);
    const until = firstDisturbance(history) ?? endOf(history);
    const seconds = succeeded(heartbeats(history)).filter(
      ({ began, ended }) => began >= until - timing.steadyMs && ended <= until,
    );
    const sum = (of: (seen: (typeof seconds)[number]["seen"]) => number): number =>
      seconds.reduce((total, { seen }) => total + of(seen), 0);
    const [due, sent] = [sum((seen) => seen.due), sum((seen) => seen.sent)];
    const lateP99Ms = pooledLateness(
      seconds.map(({ seen }) => seen),
      0.99,
    );
    const worst = seconds.toSorted((a, b) => (b.seen.lateP99Ms ?? 0) - (a.seen.lateP99Ms ?? 0)).slice(0, 3);
    const evidence = [...(engine === undefined ? [] : [engine.index]), ...worst.map(({ index }) => index)];
    const missedShare = due === 0 ? 0 : (due - sent) / due;
    const perSecond = seconds.length === 0 ? 0 : sent / seconds.length;
    const answer = (outcome: Outcome, because: string): Verdict => ({
      checker: "generator",
      kind: "validity",
      outcome,
      because,
      ...(lateP99Ms === undefined
        ? {}
        : { measured: { low: lateP99Ms, high: lateP99Ms, limit: lateAtMostMs, unit: "ms late" } }),
      evidence,
      details: { engine: engine?.seen, lateP99Ms, due, sent, missedShare, perSecond },
    });
    if (engine === undefined) return answer("unknown", "the load engine never told how it ended");
    if (engine.seen.exitCode !== 0) {
      const why = engine.error === undefined ? "" : `: ${engine.error}`;
      return answer("fail", `the load engine ended on its own, with exit code ${engine.seen.exitCode}${why}`);
    }
    if (lateP99Ms === undefined) return answer("unknown", "no heartbeat was sent before the fault");
    if (lateP99Ms > lateAtMostMs)
      return answer(
        "fail",
        `before the fault 1 of 100 heartbeats was sent more than ${duration(lateP99Ms)} late, ${duration(lateAtMostMs)} are allowed: this machine is too slow for this load`,
      );
    if (missedShare > missedShareAtMost)
      return answer(
        "fail",
        `${(100 * missedShare).toFixed(1)} % of the heartbeats due before the fault were never sent`,
      );
    return answer(
      "pass",
      `${Math.round(perSecond)} heartbeats per second before the fault, 99 of 100 within ${duration(lateP99Ms)} of their time`,
    );
  },
});

/** An engine that did not end well has its say in a `fail`. */
function engineOf(history: History): { seen: EngineHealth; error?: string | undefined; index: number } | undefined {
  const completion = pairsOf<object, EngineHealth>(history, "load/engine", "health").at(-1)?.completion;
  if (completion?.value === undefined) return undefined;
  return { seen: completion.value, error: completion.error, index: completion.index };
}

interface Lateness {
  readonly sent: number;
  readonly lateP50Ms: number | null;
  readonly lateP99Ms: number | null;
  readonly lateMaxMs: number | null;
}

/** A quantile over all seconds, from what each second kept: its median, its 99th percentile and its maximum, and straight lines between them. */
export function pooledLateness(seconds: readonly Lateness[], share: number): number | undefined {
  const kept = seconds.flatMap(({ sent, lateP50Ms, lateP99Ms, lateMaxMs }) =>
    sent > 0 && lateP50Ms !== null && lateP99Ms !== null && lateMaxMs !== null
      ? [{ sent, marks: [0, lateP50Ms, lateP99Ms, lateMaxMs] as const }]
      : [],
  );
  const total = kept.reduce((sum, { sent }) => sum + sent, 0);
  if (total === 0) return undefined;
  const within = (ms: number): number => kept.reduce((sum, { sent, marks }) => sum + sent * shareWithin(marks, ms), 0);
  let [low, high] = [0, Math.max(...kept.map(({ marks }) => marks[3]))];
  while (high - low > 0.05) {
    const middle = (low + high) / 2;
    if (within(middle) >= share * total) high = middle;
    else low = middle;
  }
  return Math.round(high * 10) / 10;
}

function shareWithin([zero, p50, p99, max]: readonly [number, number, number, number], ms: number): number {
  const part = (from: number, to: number): number => (ms >= to ? 1 : ms <= from ? 0 : (ms - from) / (to - from));
  return 0.5 * part(zero, p50) + 0.49 * part(p50, p99) + 0.01 * part(p99, max);
}
