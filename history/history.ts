import { createReadStream } from "node:fs";
import { GamedayError, UsageError } from "../harness/errors.ts";
import type { History, Op } from "../harness/types.ts";
import { historyOf, type Sequence, sequence } from "./history-of.ts";
import { readOp } from "./read-op.ts";

/** A history that was read from a file. */
export interface OpenedHistory extends History {
  readonly file: string;
  /** What stood in an unfinished last line, as a crash leaves it; it is not among the ops. */
  readonly torn?: string;
}

/** The read door: reads a journal as a stream and checks each line. Throws `BrokenHistory`, which names the line, and `UsageError` when there is no such file. */
export async function openHistory(file: string): Promise<OpenedHistory> {
  const ops: Op[] = [];
  const order: Sequence = sequence();
  let torn: string | undefined;
  for await (const { text, ended } of linesOf(file)) {
    const op = readOp(text);
    if (typeof op === "string") {
      if (ended) throw new BrokenHistory(file, ops.length, op, text);
      torn = text;
      break;
    }
    const trouble = order.accept(op);
    if (trouble !== undefined) throw new BrokenHistory(file, ops.length, trouble, text);
    ops.push(op);
  }
  return { ...historyOf(ops), file, ...(torn === undefined ? {} : { torn }) };
}

/** The file is not a history as the journal writes it, so nothing can be concluded from it. */
export class BrokenHistory extends GamedayError {
  readonly index: number;
  constructor(file: string, index: number, trouble: string, text: string) {
    super("E_HISTORY", 3, `${file}, line ${index + 1}: ${trouble}: ${text.slice(0, 120)}`, {
      hint: "the file was altered or is no history; only its last line may be unfinished",
    });
    this.index = index;
  }
}

/** Lines of a file; `ended` is false for a last line without its line feed. */
async function* linesOf(file: string): AsyncGenerator<{ text: string; ended: boolean }> {
  let rest = "";
  try {
    for await (const chunk of createReadStream(file, { encoding: "utf8", highWaterMark: 1 << 20 })) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const text of lines) yield { text, ended: true };
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`the history ${file} cannot be read: ${why}`, {
      hint: "give the directory of an earlier run",
      cause,
    });
  }
  if (rest !== "") yield { text: rest, ended: false };
}
