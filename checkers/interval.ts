import type { Millis, Outcome } from "../harness/types.ts";

/** The true value lies in [low, high]; a `high` of null has no bound that was seen. */
export interface Interval {
  readonly low: Millis;
  readonly high: Millis | null;
}
export interface Bounded extends Interval {
  readonly high: Millis;
}

/** When the last of several things was true. */
export const latest = (intervals: readonly Interval[]): Interval => ({
  low: Math.max(...intervals.map(({ low }) => low)),
  high: intervals.reduce<number | null>(
    (most, { high }) => (most === null || high === null ? null : Math.max(most, high)),
    Number.NEGATIVE_INFINITY,
  ),
});

/** How long after `from` it was, never less than nothing. */
export const since = (from: Bounded, { low, high }: Interval): Interval => ({
  low: Math.max(0, low - from.high),
  high: high === null ? null : Math.max(0, high - from.low),
});

export const times = ({ low, high }: Interval, factor: number): Interval => ({
  low: low * factor,
  high: high === null ? null : high * factor,
});

/** Judged on the bounds: pass when all of the interval is within the limit, fail when none of it is. */
export function within({ low, high }: Interval, limit: number): Outcome {
  if (low > limit) return "fail";
  return high !== null && high <= limit ? "pass" : "unknown";
}

/** The value that a share of all intervals does not pass, by each bound. */
export function quantile(intervals: readonly Interval[], share: number): Interval | undefined {
  const at = Math.max(0, Math.ceil(share * intervals.length) - 1);
  const low = intervals.map((one) => one.low).sort((a, b) => a - b)[at];
  const high = intervals.map((one) => one.high ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)[at];
  if (low === undefined || high === undefined) return undefined;
  return { low, high: Number.isFinite(high) ? high : null };
}

/** The value that a share of all values does not pass. */
export function quantileOf(values: readonly number[], share: number): number | undefined {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
