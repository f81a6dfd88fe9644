import type { Completion, During, History, Invocation, Millis, Op, Pair, Process, Role } from "../harness/types.ts";

/** A history whose ops are all in memory. */
export interface HistoryInMemory extends History {
  readonly ops: readonly Op[];
}

/** A history of ops that are at hand. It is indexed once, by who and f, and nothing is assumed about the order of times. */
export function historyOf(ops: readonly Op[]): HistoryInMemory {
  const index = new Map<string, Pair[]>();
  const begun = new Map<number, { invocation: Invocation; completion?: Completion }>();
  const list = (key: string): Pair[] => {
    const known = index.get(key);
    if (known !== undefined) return known;
    const made: Pair[] = [];
    index.set(key, made);
    return made;
  };
  let endsAt: Millis = 0;
  for (const op of ops) {
    endsAt = Math.max(endsAt, op.time);
    if (op.type === "invoke") {
      const pair = { invocation: op };
      begun.set(op.index, pair);
      for (const who of [op.process.slice(0, op.process.indexOf("/")), op.process])
        for (const key of [who, `${who} ${op.f}`]) list(key).push(pair);
    } else {
      const pair = begun.get(op.invoke);
      if (pair !== undefined) pair.completion = op;
    }
  }
  return {
    ops,
    endsAt,
    pairs: <I, C>(who: Role | Process, f?: string, during?: During) => {
      // The reader names the shapes of what its own vocabulary says the writer wrote.
      const all = (index.get(f === undefined ? who : `${who} ${f}`) ?? []) as Pair<I, C>[];
      if (during === undefined) return all;
      return all.filter(({ invocation: { time } }) => time >= during.from && time <= during.until);
    },
  };
}
