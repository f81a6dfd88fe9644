import { watchWallClock } from "../harness/clock.ts";
import type { Clock, Recorder } from "../harness/types.ts";

const toleranceMs = 50;

/** Compares the wall clock with the run's own as long as it is not disposed: each step is an op of its own, and the end tells how often it looked. */
export function recordClock(
  { record }: Pick<Recorder, "record">,
  clock: Clock,
  wallNow: () => number,
): AsyncDisposable {
  const watch = watchWallClock(
    clock,
    (stepMs) => void record({ process: "run/clock", f: "step", value: { stepMs } }, async () => ({})),
    { toleranceMs, wallNow },
  );
  const over = Promise.withResolvers<void>();
  const recorded = record({ process: "run/clock", f: "watch", value: { toleranceMs } }, async () => {
    await over.promise;
    return watch.seen();
  });
  return {
    async [Symbol.asyncDispose]() {
      watch[Symbol.dispose]();
      over.resolve();
      await recorded;
    },
  };
}
