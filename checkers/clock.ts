import type { Checker, History, Millis, Outcome, Verdict } from "../harness/types.ts";
import { countOf, duration } from "../harness/words.ts";
import { pairsOf } from "./vocabulary.ts";

export interface ClockOptions {
  /** A larger step, or drift in all, makes the places of k6's and the platform's times on the run's clock meaningless. */
  readonly stepAtMostMs?: Millis;
}

/** What the watch of the wall clock came to. */
interface Watched {
  readonly checks: number;
  /** How far the wall clock is from where the run's own would put it, at the end. */
  readonly driftMs: Millis;
}

/**
 * Whether the times of other machines can be placed: wall time is anchored to the run's own clock once, and compared with it all the time. A
 * step over the tolerance is told; one that is larger than what is measured makes the run invalid.
 */
export const clock = ({ stepAtMostMs = 1_000 }: ClockOptions = {}): Checker => ({
  name: "clock",
  kind: "validity",
  check(history) {
    const [watch] = pairsOf<{ toleranceMs: Millis }, Watched>(history, "run/clock", "watch");
    const steps = stepsOf(history);
    const watched = watch?.completion?.value;
    const biggest = Math.max(0, ...steps.map(({ stepMs }) => Math.abs(stepMs)));
    const off = Math.max(biggest, Math.abs(watched?.driftMs ?? 0));
    const answer = (outcome: Outcome, because: string): Verdict => ({
      checker: "clock",
      kind: "validity",
      outcome,
      because,
      measured: { low: off, high: off, limit: stepAtMostMs, unit: "ms off" },
      evidence: [watch?.completion?.index, ...steps.map(({ index }) => index)].filter((index) => index !== undefined),
      details: { ...watched, steps },
    });
    if (biggest > stepAtMostMs)
      return answer(
        "fail",
        `the wall clock stepped by ${duration(biggest)}, so times of other machines cannot be placed`,
      );
    if (watched === undefined || watched.checks === 0)
      return answer("unknown", "nobody compared the wall clock with the run's own to the end");
    if (off > stepAtMostMs)
      return answer("fail", `the wall clock drifted by ${duration(off)}, so times of other machines cannot be placed`);
    const compared = `the wall clock was compared with the run's own ${countOf(watched.checks, "time")}`;
    return answer(
      "pass",
      steps.length === 0
        ? `${compared}, and never stepped by more than ${duration(watch?.invocation.value?.toleranceMs ?? 0)}`
        : `${compared}; it stepped by up to ${duration(biggest)}, and times of other machines may be off by that`,
    );
  },
});

const stepsOf = (history: History): { stepMs: Millis; index: number }[] =>
  pairsOf<{ stepMs: Millis }>(history, "run/clock", "step").map(({ invocation }) => ({
    stepMs: invocation.value?.stepMs ?? 0,
    index: invocation.index,
  }));
