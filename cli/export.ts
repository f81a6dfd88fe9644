import { createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { EnvironmentTrouble, GamedayError } from "../harness/errors.ts";
import type { History } from "../harness/types.ts";
import { countOf } from "../harness/words.ts";
import { jepsenLines } from "../history/jepsen.ts";
import { openRecorded } from "./report.ts";

export interface ExportFlags {
  /** Where to; without it `history.edn` beside the history. */
  readonly out?: string | undefined;
}

/** Writes a recorded run's history in Jepsen's EDN format. It is refused like one that is judged: altered, shortened or lengthened. */
export async function exportHistory(directory: string, { out }: ExportFlags): Promise<number> {
  const file = out ?? join(directory, "history.edn");
  const { history } = await openRecorded(directory);
  try {
    await pipeline(chunks(history), createWriteStream(`${file}.part`));
    await rename(`${file}.part`, file);
  } catch (cause) {
    if (cause instanceof GamedayError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EnvironmentTrouble(`${file} cannot be written: ${why}`, {
      hint: "choose another place with --out",
      cause,
    });
  }
  console.error(`gameday: ${countOf(history.ops.length, "op")} in Jepsen's EDN format: ${file}`);
  return 0;
}

/** Lines, many at once: a long history does not fit in memory. */
function* chunks(history: History): Generator<string> {
  const lineOf = jepsenLines();
  let text = "";
  for (const op of history.ops) {
    text += lineOf(op);
    if (text.length < 64 * 1024) continue;
    yield text;
    text = "";
  }
  yield text;
}
