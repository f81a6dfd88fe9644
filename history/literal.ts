import type { Completion, Millis, Op, Process } from "../harness/types.ts";
import { Columns } from "./columns.ts";
import { type HistoryInMemory, historyOf } from "./history-of.ts";
import { kindsMet } from "./kinds.ts";
import { lines } from "./line.ts";
import { scanner } from "./scan.ts";

/** One invocation, and how it ended when it did. */
export interface Did {
  readonly process: Process;
  readonly f: string;
  readonly began: Millis;
  readonly ended: Millis | undefined;
  readonly value: unknown;
  readonly end: Ending;
}
export interface Ending {
  readonly type: Completion["type"];
  readonly value?: unknown;
  readonly error?: string;
}

/** For tests: `did("probe/ledger append", [1_000, 1_010], { seq: 1 }, fail("23505"))`. Without a second time it never ended; without an ending it was ok. */
export function did(
  what: `${Process} ${string}`,
  [began, ended]: readonly [Millis, Millis?],
  value?: unknown,
  end: Ending = ok(),
): Did {
  const [process, f] = what.split(" ") as [Process, string];
  return { process, f, began, ended, value, end };
}
export const ok = (value?: unknown): Ending => ({ type: "ok", ...(value === undefined ? {} : { value }) });
export const fail = (error: string, value?: unknown): Ending => ({ ...ok(value), type: "fail", error });
export const info = (error: string, value?: unknown): Ending => ({ ...ok(value), type: "info", error });

/** A history of what is listed, each invocation followed at once by its completion, whatever their times say. */
export function literal(...listed: readonly (Did | readonly Did[])[]): HistoryInMemory {
  const ops: Op[] = [];
  for (const { process, f, began, ended, value, end } of listed.flat()) {
    const invoke = ops.length;
    ops.push({ type: "invoke", index: invoke, time: began, process, f, ...(value === undefined ? {} : { value }) });
    if (ended !== undefined) ops.push(ending(end, { invoke, index: ops.length, time: ended, process, f }));
  }
  return historyOf(ops);
}

/** A completion with its keys in the order in which a journal writes them. */
export const ending = (
  { type, value, error }: Ending,
  { invoke, index, time, process, f }: Pick<Completion, "invoke" | "index" | "time" | "process" | "f">,
): Completion => ({
  type,
  invoke,
  index,
  time,
  process,
  f,
  ...(value === undefined ? {} : { value }),
  ...(error === undefined ? {} : { error }),
});

/** A history as the text of a journal's file, chained as a journal chains it. */
export const written = ({ ops }: Pick<HistoryInMemory, "ops">): string => ops.map(lines()).join("");

/** What of a made-up history no journal would have written, as sentences. */
export function troublesOf({ ops }: Pick<HistoryInMemory, "ops">): string[] {
  const kinds = kindsMet();
  const columns = new Columns();
  const { found, read } = scanner(kinds);
  return ops.flatMap((op) => read(JSON.stringify(op)) ?? columns.add(found, kinds, 0, 0, 0) ?? []);
}
