import type { Millis } from "../harness/types.ts";

const digits = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A count with its thousands apart: 1,200. */
export const count = (value: number): string => digits.format(value);

/** A count of things: "1 deployment", "80 deployments". */
export const countOf = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** A duration as a reader says it: 840 ms, 12.3 s, 7 min 6 s, 1 h 2 min. */
export function duration(ms: Millis): string {
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return joined(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.round(seconds / 60);
  return joined(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

const joined = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;

/** A moment of the run, in seconds since it began: 12.34 s. */
export const moment = (at: Millis): string => `${(at / 1_000).toFixed(2)} s`;

/** A value with its unit; milliseconds read as a duration. */
export const quantity = (value: number, unit: string): string =>
  unit === "ms" ? duration(value) : `${count(value)} ${value === 1 ? unit.replace(/s$/, "") : unit}`;

/** An interval in brackets, one value where both ends read the same, and "more than" where it never ended. */
export function interval({ low, high }: { low: number; high: number | null }, unit: string): string {
  if (high === null) return `more than ${quantity(low, unit)}`;
  const [from, to] = [quantity(low, unit), quantity(high, unit)];
  return from === to ? to : `[${from}, ${to}]`;
}
