import type { Completion, Invocation, Op } from "../harness/types.ts";
import { BrokenHistory } from "./broken.ts";
import type { FileBytes } from "./bytes.ts";
import { hashBytes } from "./chain.ts";
import type { Columns } from "./columns.ts";
import type { Kinds } from "./kinds.ts";
import { readOp } from "./read-op.ts";
import { typeOf } from "./scan.ts";

export interface Filed {
  readonly file: string;
  readonly bytes: FileBytes;
  readonly columns: Columns;
  readonly kinds: Kinds;
  readonly isChained: boolean;
}

/** Makes ops of a file whose columns are known: what the columns do not hold is read each time. */
export interface FiledOps {
  /** `isNear`: others near it are asked for, too. The index must be one of the file's. */
  at(index: number, isNear: boolean): Op;
  /** The line as it stands in the file. */
  line(index: number): string;
}

const beforeValue = ',"value":';

export function filedOps({ file, bytes, columns, kinds, isChained }: Filed): FiledOps {
  /** What stands at the end of a line: its hash and the brace, or the brace alone; and the line feed. */
  const closing = (isChained ? hashBytes : 1) + 1;
  const line = (index: number): string => bytes.text(columns.starts[index] ?? 0, (columns.starts[index + 1] ?? 1) - 1);
  const whole = (index: number): Op => {
    const text = line(index);
    const op = readOp(text);
    if (typeof op === "string") throw new BrokenHistory(file, index, op, text);
    return op;
  };
  /** Value and error of a line, from a text that begins with a comma. */
  const restOf = (index: number, text: string): { readonly value?: unknown; readonly error?: string } => {
    const rest = parsed(`{${text.slice(1)}}`);
    if (rest === unreadable) throw new BrokenHistory(file, index, "not JSON", line(index));
    // As `readOp` has checked it of such lines.
    return rest as { value?: unknown; error?: string };
  };
  return {
    at(index, isNear) {
      const rest = columns.rests[index] ?? 0;
      if (rest === 0) return whole(index);
      const kind = kinds.all[columns.kinds[index] ?? 0];
      if (kind === undefined) throw new BrokenHistory(file, index, "it is of no kind");
      const type = typeOf(columns.types[index] ?? 0);
      const time = columns.times[index] ?? 0;
      const { process, f } = kind;
      const op: Writable<Invocation> | Writable<Completion> =
        type === "invoke"
          ? { type, index, time, process, f }
          : { type, invoke: columns.others[index] ?? 0, index, time, process, f };
      const from = (columns.starts[index] ?? 0) + rest;
      const to = (columns.starts[index + 1] ?? 0) - closing;
      if (from === to) return op;
      const text = isNear ? bytes.nearText(from, to) : bytes.text(from, to);
      // Most lines tell of what happened, and have a value and no error.
      const mayBeAlone = (type === "invoke" || type === "ok") && text.startsWith(beforeValue);
      const alone = mayBeAlone ? parsed(text.slice(beforeValue.length)) : unreadable;
      const { value, error } = alone === unreadable ? restOf(index, text) : { value: alone };
      if (value !== undefined) op.value = value;
      if (op.type !== "invoke" && error !== undefined) op.error = error;
      return op;
    },
    line,
  };
}

const unreadable = Symbol("not JSON");

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return unreadable;
  }
}

type Writable<O> = { -readonly [K in keyof O]: O[K] };
