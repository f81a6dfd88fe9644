import { scaleLinear } from "d3-scale";
import type { Millis } from "../../harness/types.ts";
import { beginningOf, type Reading, type Span } from "./reading.ts";

/** An axis of time, in pixels of a page that is `width` wide: charts stand under each other, so their times must too. */
export interface TimeAxis {
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly from: Millis;
  readonly to: Millis;
  /** What is called zero: a fault, a request, or the beginning of a run without either. */
  readonly zero: Millis;
  readonly ticks: readonly { readonly at: Millis; readonly label: string; readonly isZero: boolean }[];
  x(at: Millis): number;
}

const WIDTH = 1_120;
const LEFT = 176;
const RIGHT = 1_010;
const steps = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200].map((seconds) => seconds * 1_000);

/** The one axis of all charts that show the whole run. */
export const timeAxis = ({ zero, endsAt }: Pick<Reading, "zero" | "endsAt">): TimeAxis =>
  axisOf(0, Math.max(endsAt, 1_000), zero);

/** The axis of what shows one of several drills: from shortly before its beginning to shortly after it was stable. */
export function axisOfSpan(span: Span, endsAt: Millis): TimeAxis {
  const { outage, stableAt } = span;
  const began = outage.from.low;
  const ended = Math.min(endsAt, stableAt ?? outage.until);
  const room = Math.max(1_000, (ended - began) * 0.08);
  return axisOf(Math.max(0, began - room), Math.min(endsAt, ended + 2 * room), { at: began, name: beginningOf(span) });
}

function axisOf(from: Millis, to: Millis, named: Reading["zero"]): TimeAxis {
  const zero = named?.at ?? 0;
  const scale = scaleLinear([from, to], [LEFT, RIGHT]).clamp(true);
  const step = steps.find((one) => (to - from) / one <= 14) ?? Math.ceil((to - from) / 14);
  const first = Math.ceil((from - zero) / step) * step;
  const ticks = Array.from({ length: Math.floor((to - zero - first) / step) + 1 }, (_, n) => first + n * step);
  return {
    width: WIDTH,
    left: LEFT,
    right: RIGHT,
    from,
    to,
    zero,
    ticks: ticks.map((after) => ({
      at: zero + after,
      label: after === 0 && named !== undefined ? named.name : tickLabel(after, named !== undefined),
      isZero: after === 0 && named !== undefined,
    })),
    x: (at) => scale(at),
  };
}

function tickLabel(afterMs: Millis, isSigned: boolean): string {
  const seconds = Math.abs(afterMs) / 1_000;
  const sign = afterMs < 0 ? "−" : isSigned ? "+" : "";
  if (seconds < 120) return `${sign}${seconds} s`;
  return seconds % 60 === 0
    ? `${sign}${seconds / 60} min`
    : `${sign}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
