import type { Millis } from "../harness/types.ts";
import { duration } from "../harness/words.ts";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A count with its thousands apart: 1,200. */
export const count = (value: number): string => whole.format(value);

/** A duration that runs: always one decimal below a minute, so that it does not dance. */
export const running = (ms: Millis): string =>
  ms >= 999.5 && ms < 59_950 ? `${(ms / 1_000).toFixed(1)} s` : duration(ms);

/** A moment of the run, in seconds since it began: 12.34 s. */
export const moment = (at: Millis): string => `${(at / 1_000).toFixed(2)} s`;

/** `ms`, or `ms` of some kind: `ms late`. */
const isTime = (unit: string): boolean => /^ms\b/.test(unit);

/** A value with its unit; milliseconds read as a duration. */
export const quantity = (value: number, unit: string): string =>
  isTime(unit)
    ? `${duration(value)}${unit.slice(2)}`
    : `${count(value)} ${value === 1 ? unit.replace(/^(\w+)s\b/, "$1") : unit}`;

/** An interval in brackets, one value where both ends read the same, and "more than" where it never ended. */
export function interval({ low, high }: { low: number; high: number | null }, unit: string): string {
  if (high === null) return `more than ${quantity(low, unit)}`;
  const [from, to] = [quantity(low, unit), quantity(high, unit)];
  if (from === to) return to;
  return isTime(unit) ? `[${from}, ${to}]` : `[${count(low)}, ${count(high)}] ${unit}`;
}

/** A line of a history as a reader finds it in the file: lines count from 1, indices from 0. */
export const lineOf = (index: number): number => index + 1;
