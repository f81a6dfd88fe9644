import type { Completion, During, History, Invocation, Millis, Pair, Process, Role } from "../harness/types.ts";
import type { Columns } from "./columns.ts";
import { type Filed, filedOps } from "./filed-ops.ts";
import { invoked } from "./scan.ts";

/** Where one line of so many is asked for, what stands beside it is not. */
const sparseOf = 200;

/** The history in a file of which the columns are known. Values are read from the file each time they are asked for. */
export function filedHistory(filed: Filed): History & { line(index: number): string | undefined } {
  const { columns, kinds } = filed;
  const ops = filedOps(filed);

  const pairAt = (index: number, isNear: boolean): Pair => {
    const end = columns.others[index] ?? 0;
    const invocation = ops.at(index, isNear) as Invocation;
    return end === 0 ? { invocation } : { invocation, completion: ops.at(end, isNear) as Completion };
  };
  let begun: readonly Uint32Array[] | undefined;
  const indicesOf = (numbers: readonly number[], during: During | undefined): Uint32Array => {
    begun ??= invocationsByKind(columns, kinds.all.length);
    const [first = new Uint32Array(), ...others] = numbers.flatMap((number) => begun?.[number] ?? []);
    const all = others.length === 0 ? first : merged([first, ...others]);
    const began = (index: number): Millis => columns.times[index] ?? 0;
    return during === undefined
      ? all
      : all.filter((index) => began(index) >= during.from && began(index) <= during.until);
  };
  const isIn = (index: number): boolean => Number.isInteger(index) && index >= 0 && index < columns.length;

  return {
    endsAt: columns.endsAt,
    ops: {
      length: columns.length,
      at: (index) => (isIn(index) ? ops.at(index, false) : undefined),
      *[Symbol.iterator]() {
        for (let index = 0; index < columns.length; index++) yield ops.at(index, true);
      },
    },
    pairs: <I, C>(who: Role | Process, f?: string, during?: During): Iterable<Pair<I, C>> => {
      const indices = indicesOf(kinds.of(who, f), during);
      const isNear = during !== undefined || indices.length * sparseOf > columns.length;
      return {
        *[Symbol.iterator]() {
          // The reader names the shapes of what its own vocabulary says the writer wrote.
          for (const index of indices) yield pairAt(index, isNear) as Pair<I, C>;
        },
      };
    },
    line: (index) => (isIn(index) ? ops.line(index) : undefined),
  };
}

/** The indices of the invocations of each kind, in their order. */
function invocationsByKind({ length, types, kinds }: Columns, howMany: number): Uint32Array[] {
  const all = Array.from({ length: howMany }, () => ({ count: 0, indices: new Uint32Array() }));
  const each = (found: (kind: (typeof all)[number], index: number) => void): void => {
    for (let index = 0; index < length; index++) {
      const kind = types[index] === invoked ? all[kinds[index] ?? 0] : undefined;
      if (kind !== undefined) found(kind, index);
    }
  };
  each((kind) => {
    kind.count += 1;
  });
  for (const kind of all) kind.indices = new Uint32Array(kind.count);
  for (const kind of all) kind.count = 0;
  each((kind, index) => {
    kind.indices[kind.count++] = index;
  });
  return all.map(({ indices }) => indices);
}

function merged(lists: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all.sort();
}
