import type { Op, Reporter } from "../harness/types.ts";
import { drawLive } from "./terminal/live.ts";
import { paintFor, type Screen } from "./terminal/paint.ts";
import { writeLines } from "./terminal/plain.ts";
import { followProgress, type Progress } from "./terminal/progress.ts";
import { summary } from "./terminal/summary.ts";

export interface TerminalOptions {
  /** Path of the report, as it is printed last. */
  readonly report: string;
  /** False for a journal that is played again: only its result is news. */
  readonly live?: boolean;
  /** Where progress goes, and where the result goes. */
  readonly progress?: Screen;
  readonly result?: Screen;
  readonly env?: NodeJS.ProcessEnv;
}

/** Tells people how the run goes: a step list that updates in place on a terminal, one line per event anywhere else. Progress is stderr, the result is stdout. */
export function terminal({
  report,
  live = true,
  progress: screen = process.stderr,
  result: page = process.stdout,
  env = process.env,
}: TerminalOptions): Reporter & Disposable {
  const paint = paintFor(screen, env);
  const progress = followProgress();
  const now = runClock(progress);
  const inPlace = live && screen.isTTY === true && env["TERM"] !== "dumb" && !env["CI"];
  const lines = live && !inPlace ? writeLines(progress, screen, paint) : undefined;
  let picture: Disposable | undefined;
  const stop = (): void => {
    picture?.[Symbol.dispose]();
    picture = undefined;
  };
  return {
    onOp(op: Op) {
      progress.hear(op);
      now.set();
      lines?.hear(op);
      if (inPlace) picture ??= drawLive(progress, now.get, screen, paint);
    },
    onEnd(result, history) {
      stop();
      page.write(summary(result, history, { report, columns: page.columns }, paintFor(page, env)));
    },
    [Symbol.dispose]: stop,
  };
}

/** The run's time between operations: the newest one's, and what has passed here since. */
function runClock(progress: Progress) {
  let aheadMs = Number.NEGATIVE_INFINITY;
  return {
    set: (): void => {
      aheadMs = Math.max(aheadMs, progress.newest - performance.now());
    },
    get: (): number => Math.max(progress.newest, performance.now() + aheadMs),
  };
}
