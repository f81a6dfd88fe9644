import type { Millis } from "./types.ts";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** "no task", "1 task", "1,200 tasks". */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  count === 0 ? `no ${one}` : `${whole.format(count)} ${count === 1 ? one : many}`;

/** A duration as one says it: "840 ms", "12.3 s", "11 min 40 s", "1 h 2 min". */
export function duration(ms: Millis): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${Number((ms / 1_000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return joined(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.round(seconds / 60);
  return joined(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

const joined = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;

/** The first few of many: "dep-01, dep-02, dep-03 and 4 more". */
export function some(names: readonly string[], atMost = 3): string {
  const shown = names.slice(0, atMost).join(", ");
  return names.length > atMost ? `${shown} and ${names.length - atMost} more` : shown;
}
