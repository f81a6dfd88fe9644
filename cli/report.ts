import { stat } from "node:fs/promises";
import { join } from "node:path";
import { openHistory } from "../history/history.ts";
import { defaultReporters, readRunJson } from "../reports/index.ts";
import { concluded } from "./conclude.ts";
import { historyFile } from "./run-directory.ts";

/** Judges a recorded run again from its history alone, and writes its reports again. A history without a `run.json`, as a crash leaves it, will do. */
export async function report(directory: string): Promise<number> {
  const file = historyFile(directory);
  const history = await openHistory(file);
  if (history.torn !== undefined)
    console.error("gameday: the last line of the history is unfinished, as a crash leaves it; it was left out");
  const before = await readRunJson(join(directory, "run.json")).catch(() => undefined);
  const result = concluded(history, {
    startedAt: before === undefined ? (await stat(file)).birthtime : new Date(before.startedAt),
    interrupted: before?.interrupted ?? false,
    file,
  });
  await defaultReporters({ directory, live: false }).onEnd(result, history);
  return result.exitCode;
}
