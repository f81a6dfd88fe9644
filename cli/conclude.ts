import { GamedayError, Interrupted } from "../harness/errors.ts";
import { judge } from "../harness/judge.ts";
import type { History, Result } from "../harness/types.ts";

export interface Circumstances {
  readonly startedAt: Date;
  /** What ended the run early. */
  readonly trouble: Error | undefined;
  readonly file: string;
}

/** Judges a history and says how the run ended. What ended it early decides the exit code, unless the judgement is worse news. */
export function concluded(history: History, { startedAt, trouble, file }: Circumstances): Result {
  const judged = judge(history);
  return {
    ...judged,
    startedAt: startedAt.toISOString(),
    interrupted: trouble instanceof Interrupted,
    exitCode: exitCode(judged.exitCode, trouble),
    history: { file, ops: history.ops.length },
  };
}

function exitCode(judged: number, trouble: Error | undefined): number {
  if (trouble instanceof GamedayError) return trouble.exitCode;
  return judged;
}
