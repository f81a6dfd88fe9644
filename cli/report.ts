import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { exitCodes } from "../harness/judge.ts";
import type { Result } from "../harness/types.ts";
import type { Head } from "../history/chain.ts";
import { type OpenedHistory, openHistory } from "../history/history.ts";
import { defaultReporters, readRunJson } from "../reports/index.ts";
import { concluded } from "./conclude.ts";
import { historyFile } from "./run-directory.ts";

/** Judges a recorded run again from its history alone, and writes its reports again: the same bytes, unless the checkers have changed. */
export async function report(directory: string): Promise<number> {
  const { result, history } = await judgedAgain(directory);
  await defaultReporters({ directory, live: false }).onEnd(result, history);
  return exitCodes[result.outcome];
}

/** A recorded run's judgement. */
export async function judgedAgain(directory: string): Promise<{ result: Result; history: OpenedHistory }> {
  const { history, before } = await openRecorded(directory);
  const { file } = history;
  const result = concluded(history, {
    startedAt: before === undefined ? (await stat(file)).birthtime : new Date(before.startedAt),
    interrupted: before?.interrupted ?? false,
    exitCode: before && endedEarlyWith(before),
    file,
  });
  return { result, history };
}

/**
 * A recorded run's history, and what was judged of it before. A history without a `run.json`, as a crash leaves it, will do; with one, it
 * must end where that says.
 */
export async function openRecorded(directory: string): Promise<{ history: OpenedHistory; before: Result | undefined }> {
  const file = historyFile(directory);
  const before = await resultBefore(directory);
  const history = await openHistory(file, { head: before && headOf(before) });
  if (history.torn !== undefined)
    console.error("gameday: the last line of the history is unfinished, as a crash leaves it; it was left out");
  if (history.hash === undefined && history.ops.length > 0)
    console.error(
      "gameday: the history's lines carry no hashes, as those of schema 1; nothing shows whether it was altered",
    );
  return { history, before };
}

/** What `run.json` says; a broken one is told of, and replaced. */
async function resultBefore(directory: string): Promise<Result | undefined> {
  const file = join(directory, "run.json");
  if (!existsSync(file)) return undefined;
  try {
    return await readRunJson(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.error(
      `gameday: ${why}\n  the history is judged without it: nothing shows whether lines are missing at its end`,
    );
    return undefined;
  }
}

const headOf = ({ history: { ops, hash } }: Result): Head | undefined =>
  hash === undefined ? undefined : { ops, hash };

/** What ended a run early outlives another judgement. */
const endedEarlyWith = ({ exitCode }: Result): number | undefined =>
  Object.values<number>(exitCodes).includes(exitCode) ? undefined : exitCode;
