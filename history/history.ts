import { createReadStream } from "node:fs";
import { GamedayError, UsageError } from "../harness/errors.ts";
import type { History, Op } from "../harness/types.ts";
import { type Head, hashOf, unchained } from "./chain.ts";
import { historyOf, type Sequence, sequence } from "./history-of.ts";
import { readOp } from "./read-op.ts";

/** A history that was read from a file. */
export interface OpenedHistory extends History {
  readonly file: string;
  /** The hash of its last line, which stands for all of them. Undefined: its lines carry none, as before schema 2. */
  readonly hash?: string;
  /** What stood in an unfinished last line, as a crash leaves it; it is not among the ops. */
  readonly torn?: string;
}

export interface OpenOptions {
  /** Where the history must end, as `run.json` has it. Without one, as a crash leaves it, only the chain of its own lines is checked. */
  readonly head?: Head | undefined;
}

/**
 * The read door: reads a journal as a stream, and checks each line and its place in the chain. Throws `BrokenHistory`, which names the line,
 * when anything was altered, left out or added; and `UsageError` when there is no such file.
 */
export async function openHistory(file: string, { head }: OpenOptions = {}): Promise<OpenedHistory> {
  const ops: Op[] = [];
  const order: Sequence = sequence();
  const chain = following();
  let torn: string | undefined;
  for await (const { text, ended } of linesOf(file)) {
    if (!ended) {
      torn = text;
      break;
    }
    const op = readOp(text);
    if (typeof op === "string") throw new BrokenHistory(file, ops.length, op, text);
    const trouble = order.accept(op) ?? chain.accept(text, head);
    if (trouble !== undefined) throw new BrokenHistory(file, ops.length, trouble, text);
    ops.push(op);
  }
  if (head !== undefined && ops.length < head.ops)
    throw new BrokenHistory(file, ops.length, `it is missing, the run wrote ${head.ops} lines`, torn);
  const { hash } = chain;
  return { ...historyOf(ops), file, ...(hash === undefined ? {} : { hash }), ...(torn === undefined ? {} : { torn }) };
}

/** Follows the chain of lines and says what is wrong with the next one. */
function following() {
  let lines = 0;
  let hash: string | undefined = "";
  return {
    /** Of the last line; undefined when lines have none. */
    get hash() {
      return hash;
    },
    accept(text: string, head: Head | undefined): string | undefined {
      const found = unchained(text);
      if (lines === 0 && found === undefined) hash = undefined;
      lines += 1;
      if (head !== undefined && lines > head.ops) return `it was added, the run wrote ${head.ops} lines`;
      if ((hash === undefined) !== (found === undefined) || (hash === undefined && head !== undefined))
        return found === undefined ? "its hash is missing" : "it has a hash, which the lines before it do not have";
      if (found === undefined || hash === undefined) return undefined;
      if (hashOf(hash, found.body) !== found.hash)
        return "it was altered: its hash is not that of its text and of the lines before it";
      hash = found.hash;
      return lines === head?.ops && hash !== head.hash
        ? `its hash is ${hash}, the run's last line had ${head.hash}: the history was written anew`
        : undefined;
    },
  };
}

/** The file is not a history as the journal writes it, so nothing can be concluded from it. */
export class BrokenHistory extends GamedayError {
  readonly index: number;
  constructor(file: string, index: number, trouble: string, text?: string) {
    const shown = text === undefined ? "" : `: ${text.slice(0, 120)}`;
    super("E_HISTORY", 3, `${file}, line ${index + 1}: ${trouble}${shown}`, {
      hint: "the file was altered or is no history; nothing can be concluded from it",
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
