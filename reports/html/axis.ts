import { scaleLinear } from "d3-scale";
import type { Millis } from "../../harness/types.ts";
import type { Reading } from "./reading.ts";

/** The one time axis of all charts, in pixels of a page that is `width` wide: they stand under each other, so their times must too. */
export interface TimeAxis {
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly from: Millis;
  readonly to: Millis;
  /** What is called zero: the fault, or the beginning of a run without one. */
  readonly zero: Millis;
  readonly ticks: readonly { readonly at: Millis; readonly label: string }[];
  x(at: Millis): number;
}

const WIDTH = 1_120;
const LEFT = 176;
const RIGHT = 1_010;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200].map((seconds) => seconds * 1_000);

export function timeAxis({ outage, endsAt }: Pick<Reading, "outage" | "endsAt">): TimeAxis {
  const zero = outage?.from.low ?? 0;
  const to = Math.max(endsAt, 1_000);
  const scale = scaleLinear([0, to], [LEFT, RIGHT]).clamp(true);
  const step = steps.find((one) => to / one <= 14) ?? Math.ceil(to / 14);
  const first = Math.ceil(-zero / step) * step;
  const ticks = Array.from({ length: Math.floor((to - zero - first) / step) + 1 }, (_, n) => first + n * step);
  return {
    width: WIDTH,
    left: LEFT,
    right: RIGHT,
    from: 0,
    to,
    zero,
    ticks: ticks.map((after) => ({ at: zero + after, label: tickLabel(after, outage !== undefined) })),
    x: (at) => scale(at),
  };
}

function tickLabel(afterMs: Millis, fromFault: boolean): string {
  if (fromFault && afterMs === 0) return "fault";
  const seconds = Math.abs(afterMs) / 1_000;
  const sign = afterMs < 0 ? "−" : fromFault ? "+" : "";
  if (seconds < 120) return `${sign}${seconds} s`;
  return seconds % 60 === 0
    ? `${sign}${seconds / 60} min`
    : `${sign}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
