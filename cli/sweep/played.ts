import { z } from "zod";
import type { Millis } from "../../harness/types.ts";

const millis = z.number().nonnegative();

/** How one failover went, with every edge well or with one failed, in ms of the lab. */
export const played = z.discriminatedUnion("end", [
  z.object({ end: z.literal("arrived"), tookMs: millis }),
  /** It did not arrive in its time. `afterHealMs`: how long after the edge was well again it did; null: not even then. */
  z.object({
    end: z.literal("stuck"),
    withinMs: millis,
    step: z.string(),
    because: z.string(),
    afterHealMs: millis.nullable(),
  }),
  /** Nothing can be said of it: the edge could not be failed, or the platform was not well before. */
  z.object({ end: z.literal("unknown"), because: z.string() }),
]);
export type Played = z.infer<typeof played>;

/** What the failovers took while every edge was well. */
export interface Baseline {
  readonly medianMs: Millis;
  readonly lowMs: Millis;
  readonly highMs: Millis;
  readonly plays: number;
}

export type Outcome =
  | { readonly outcome: "survives"; readonly tookMs: Millis }
  | { readonly outcome: "slower"; readonly tookMs: Millis; readonly byMs: Millis }
  | {
      readonly outcome: "breaks";
      readonly step: string;
      readonly because: string;
      readonly withinMs: Millis;
      readonly afterHealMs: Millis | null;
    }
  | { readonly outcome: "unknown"; readonly because: string };

/** Undefined when none of them arrived: then nothing can be compared. */
export function baselineOf(plays: readonly Played[]): Baseline | undefined {
  const times = plays.flatMap((one) => (one.end === "arrived" ? one.tookMs : [])).sort((a, b) => a - b);
  const [lowMs] = times;
  const highMs = times.at(-1);
  if (lowMs === undefined || highMs === undefined) return undefined;
  return { medianMs: median(times), lowMs, highMs, plays: times.length };
}

/** A fifth more than usual, and more than healthy failovers differ among themselves, is slower. */
const slowerShare = 0.2;

export function outcomeOf(one: Played, baseline: Baseline | undefined): Outcome {
  if (one.end === "unknown") return { outcome: "unknown", because: one.because };
  if (baseline === undefined)
    return { outcome: "unknown", because: "not even with every edge well did a failover arrive" };
  if (one.end === "stuck") {
    const { step, because, withinMs, afterHealMs } = one;
    return { outcome: "breaks", step, because, withinMs, afterHealMs };
  }
  const { tookMs } = one;
  const byMs = tookMs - baseline.medianMs;
  const bearableMs = Math.max(baseline.medianMs * slowerShare, baseline.highMs - baseline.lowMs);
  return byMs > bearableMs ? { outcome: "slower", tookMs, byMs } : { outcome: "survives", tookMs };
}

export const median = (sorted: readonly number[]): number => {
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1, middle + 1);
  return (low + high) / 2;
};
