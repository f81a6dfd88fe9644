import type { CheckContext, History, Millis, Timing } from "../harness/types.ts";
import { type Down, downs, type Series, seriesOf, unionMs } from "./availability.ts";
import { type Interval, latest } from "./interval.ts";
import { once } from "./once.ts";
import type { Outage } from "./outage.ts";
import type { Sample } from "./samples.ts";

/** How one deployment came through the outage, as fresh clients saw it. Times are on the run's clock. */
export interface Recovery {
  readonly name: string;
  /** The intended time of its first failure. Undefined: it was never down. */
  readonly downAt?: Millis;
  readonly downFrom?: Interval;
  readonly firstOk?: Interval;
  /** When it was up again and stayed up for long enough; back-dated to the first of those successes. */
  readonly stable?: Interval;
  /** Certainly down when it was last seen before the heal. */
  readonly never: boolean;
  readonly downtimeMs: Interval;
  /** How often it certainly went down again after it had been stable. */
  readonly relapses: number;
  /** The error of its last failure. */
  readonly lastError?: string;
  readonly evidence: readonly number[];
}

/** One recovery for each deployment, of the shallow and the deep look together: it is up when both are. */
export const recoveries = (history: History, outage: Outage, context: CheckContext): readonly Recovery[] =>
  once(history, `recoveries ${JSON.stringify([outage, context.timing, context.deployments])}`, () =>
    recoveriesIn(history, outage, context),
  );

function recoveriesIn(history: History, outage: Outage, context: CheckContext): Recovery[] {
  const fresh = Map.groupBy(
    seriesOf(history, context.timing).filter(({ client }) => client === "fresh"),
    ({ deployment }) => deployment,
  );
  return context.deployments.flatMap((name) => {
    const series = fresh.get(name) ?? [];
    // Both looks are needed to say that a deployment is up; a deployment without them is unknown and not in the list.
    return new Set(series.map(({ kind }) => kind)).size < 2 ? [] : [together(name, series, outage, context.timing)];
  });
}

/** Samples that were sent before the heal. What answered only after it proves nothing about the time before. */
export function before(until: Millis, taken: Iterable<Sample>): Sample[] {
  return [...taken]
    .filter(({ due }) => due < until)
    .map((sample) => (sample.state === "up" && sample.ended > until ? { ...sample, state: "unknown" } : sample));
}

function together(name: string, series: readonly Series[], outage: Outage, timing: Timing): Recovery {
  const each = series.map((one) => {
    const taken = before(outage.until, one.samples);
    const ofTheOutage = (down: Down): boolean => (down.until?.high ?? outage.until) >= outage.from.low;
    return {
      certain: downs(taken, timing, "up").filter(ofTheOutage),
      possible: downs(taken, timing, "down").filter(ofTheOutage),
    };
  });
  const certain = each.flatMap((one) => one.certain);
  const possible = each.flatMap((one) => one.possible);
  const firsts = each.map(({ certain: [sure], possible }) => ({
    sure,
    // Unknown samples only ever make a down longer, so the possible one around the certain one is its upper bound.
    maybe: sure === undefined ? possible[0] : possible.findLast(({ at }) => at <= sure.at),
  }));
  const downtimeMs = {
    low: unionMs(certain.map((d) => ({ low: d.from.high, high: d.until?.low ?? d.lastBad.began }))),
    high: unionMs(possible.map((d) => ({ low: d.from.low, high: d.until?.high ?? outage.until }))),
  };
  const never = certain.some(({ until }) => until === undefined);
  const hit = firsts.filter(({ maybe }) => maybe !== undefined);
  const error = certain.map(({ lastBad }) => lastBad).sort((a, b) => b.due - a.due)[0]?.error;
  const evidence = [...new Set((certain.length > 0 ? certain : possible).flatMap((down) => down.evidence))];
  const common = { name, never, downtimeMs, relapses: relapses(each), evidence };
  if (hit.length === 0) return common;
  const bounds = (of: (down: Down) => Interval | undefined): Interval[] =>
    hit.map(({ sure, maybe }) => ({
      low: (sure && (of(sure)?.low ?? sure.lastBad.began)) ?? outage.from.low,
      high: (maybe && of(maybe)?.high) ?? null,
    }));
  const lastSeenDown = Math.max(...certain.filter((d) => d.until === undefined).map((d) => d.lastBad.began));
  return {
    ...common,
    downAt: Math.min(...hit.map(({ sure, maybe }) => (sure ?? maybe)?.at ?? outage.from.low)),
    downFrom: first(bounds(({ from }) => from)),
    firstOk: latest(bounds(({ firstOk }) => firstOk)),
    stable: never ? { low: lastSeenDown, high: null } : latest(bounds(({ until }) => until)),
    ...(error === undefined ? {} : { lastError: error }),
  };
}

const first = (intervals: readonly Interval[]): Interval => ({
  low: Math.min(...intervals.map(({ low }) => low)),
  high: Math.min(...intervals.map(({ high }) => high ?? Number.POSITIVE_INFINITY)),
});

const relapses = (each: readonly { certain: readonly Down[] }[]): number =>
  Math.max(0, ...each.map(({ certain }) => certain.length - 1));
