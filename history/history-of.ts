import type { Completion, History, Invocation, Op, Pair, Role } from "../harness/types.ts";

/** A history of ops that are at hand. It is indexed once, by role and f, and nothing is assumed about the order of times. */
export function historyOf(ops: readonly Op[]): History {
  const index = new Map<string, Pair[]>();
  const begun = new Map<number, { invocation: Invocation; completion?: Completion }>();
  const list = (key: string): Pair[] => {
    const known = index.get(key);
    if (known !== undefined) return known;
    const made: Pair[] = [];
    index.set(key, made);
    return made;
  };
  for (const op of ops) {
    if (op.type === "invoke") {
      const pair = { invocation: op };
      begun.set(op.index, pair);
      const role = op.process.slice(0, op.process.indexOf("/"));
      list(role).push(pair);
      list(`${role} ${op.f}`).push(pair);
    } else {
      const pair = begun.get(op.invoke);
      if (pair !== undefined) pair.completion = op;
    }
  }
  return {
    ops,
    pairs: <I, C>(role: Role, f?: string) =>
      // The reader names the shapes of what its own vocabulary says the writer wrote.
      (index.get(f === undefined ? role : `${role} ${f}`) ?? []) as Pair<I, C>[],
  };
}

/** Follows ops in the order of their lines and says what is wrong with the next one. */
export interface Sequence {
  accept(op: Op): string | undefined;
}

export function sequence(): Sequence {
  const open = new Map<number, Invocation>();
  let next = 0;
  return {
    accept(op) {
      const index = next++;
      if (op.index !== index) return `index ${op.index} on the line of index ${index}: lines are missing or moved`;
      if (op.type === "invoke") {
        open.set(index, op);
        return undefined;
      }
      const invocation = open.get(op.invoke);
      if (invocation === undefined) return `completes ${op.invoke}, which is not an open invocation`;
      if (invocation.process !== op.process || invocation.f !== op.f)
        return `${op.process} ${op.f} completes ${op.invoke}, which is ${invocation.process} ${invocation.f}`;
      open.delete(op.invoke);
      return undefined;
    },
  };
}
