import type { Attempt } from "../../harness/egress.ts";
import type { Millis } from "../../harness/types.ts";

/** An attempt, and how it ended, on the run's clock. */
export interface Ended {
  readonly seen: Attempt;
  readonly began: Millis;
  readonly ended: Millis;
  readonly end: "ok" | "fail" | "info";
  readonly error?: string;
  readonly status?: number;
  /** So many alike; `ended` is then the end of the last. */
  readonly count?: number;
  /** Of several the longest. */
  readonly tookMs: Millis;
}
