import type { History } from "../harness/types.ts";
import { BrokenHistory } from "./broken.ts";
import { bytesOf, type FileBytes } from "./bytes.ts";
import { bodyEnd, type Head, hashIn } from "./chain.ts";
import { Columns } from "./columns.ts";
import { cutter } from "./cutter.ts";
import { filedHistory } from "./filed-history.ts";
import { historyOf } from "./history-of.ts";
import { type Kinds, kindsMet } from "./kinds.ts";
import { type Links, linksApart, linksOf } from "./links.ts";
import { scanner } from "./scan.ts";

export { BrokenHistory } from "./broken.ts";

/** A history that was read from a file. */
export interface OpenedHistory extends History {
  readonly file: string;
  /** The hash of its last line, which stands for all of them. Undefined: its lines carry none, as before schema 2. */
  readonly hash?: string;
  /** What stood in an unfinished last line, as a crash leaves it; it is not among the ops. */
  readonly torn?: string;
  /** A line as it stands in the file. */
  line(index: number): string | undefined;
}

export interface OpenOptions {
  /** Where the history must end, as `run.json` has it. Without one, as a crash leaves it, only the chain of its own lines is checked. */
  readonly head?: Head | undefined;
  /** Of a longer file the ops are not kept in memory, but read again each time they are asked for. */
  readonly longFromBytes?: number;
}

/**
 * The read door: goes through a journal once and checks each line and its place in the chain. Throws `BrokenHistory`, which names the line,
 * when anything was altered, left out or added; and `UsageError` when there is no such file.
 */
export async function openHistory(
  file: string,
  { head, longFromBytes = 64 * 2 ** 20 }: OpenOptions = {},
): Promise<OpenedHistory> {
  const bytes = await bytesOf(file);
  const isLong = bytes.size >= longFromBytes;
  const [{ columns, kinds, torn, broken }, links] = await Promise.all([
    columnsOf(bytes),
    isLong ? linksApart(file, bytes) : linksOf(bytes, { from: 0, to: bytes.size, previous: "" }),
  ]);
  const isChained = links.firstWithout !== 0;
  const troubles = [broken, ...unlinked(links, isChained, head)].filter((one) => one !== undefined);
  const [first] = troubles.sort((a, b) => a.at - b.at);
  if (first !== undefined) {
    const index = columns.indexOf(first.at);
    throw new BrokenHistory(
      file,
      index,
      first.trouble,
      first.text ?? bytes.text(first.at, columns.starts[index + 1] ?? 0),
    );
  }
  const filed = filedHistory({ file, bytes, columns, kinds, isChained });
  if (head !== undefined) requireEnd(head, file, filed, torn);
  return {
    ...(isLong ? filed : historyOf([...filed.ops])),
    file,
    line: filed.line,
    ...(isChained && links.hash !== undefined ? { hash: links.hash } : {}),
    ...(torn === undefined ? {} : { torn }),
  };
}

/** What is wrong with a line, and where it begins. */
interface Trouble {
  readonly at: number;
  readonly trouble: string;
  readonly text?: string;
}

function unlinked({ firstWith, firstWithout, broken }: Links, isChained: boolean, head: Head | undefined): Trouble[] {
  const of = (at: number | undefined, trouble: string): Trouble[] => (at === undefined ? [] : [{ at, trouble }]);
  if (isChained)
    return [
      ...of(firstWithout, "its hash is missing"),
      ...of(broken, "it was altered: its hash is not that of its text and of the lines before it"),
    ];
  return [
    ...of(head && firstWithout, "its hash is missing"),
    ...of(firstWith, "it has a hash, which the lines before it do not have"),
  ];
}

/** Throws when a chain that is whole does not end where the run's did. */
function requireEnd(
  head: Head,
  file: string,
  { ops: { length }, line }: ReturnType<typeof filedHistory>,
  torn: string | undefined,
): void {
  if (length < head.ops) throw new BrokenHistory(file, length, `it is missing, the run wrote ${head.ops} lines`, torn);
  const last = line(head.ops - 1) ?? "";
  const hash = head.ops === 0 ? "" : hashIn(last);
  if (hash !== head.hash) {
    const why = `its hash is ${hash}, the run's last line had ${head.hash}: the history was written anew`;
    throw new BrokenHistory(file, head.ops - 1, why, last);
  }
  if (length > head.ops)
    throw new BrokenHistory(file, head.ops, `it was added, the run wrote ${head.ops} lines`, line(head.ops));
}

interface Seen {
  readonly columns: Columns;
  readonly kinds: Kinds;
  readonly torn: string | undefined;
  /** The first line that is no op, or not the next one. */
  readonly broken: Trouble | undefined;
}

async function columnsOf(bytes: FileBytes): Promise<Seen> {
  const kinds = kindsMet();
  const columns = new Columns();
  const { found, scan, read } = scanner(kinds);
  let broken: Trouble | undefined;
  const lines = cutter((line, from, to, at) => {
    if (broken !== undefined) return;
    const end = bodyEnd(line, from, to);
    const trouble =
      (end === undefined ? read(line.toString("utf8", from, to)) : scan(line, from, end)) ??
      columns.add(found, kinds, from, at, at + to - from + 1);
    if (trouble !== undefined) broken = { at, trouble, text: line.toString("utf8", from, to) };
  });
  for await (const { block, at } of bytes.blocks()) {
    lines.cut(block, at);
    if (broken !== undefined) break;
  }
  return { columns, kinds, torn: lines.rest(), broken };
}
