import type { Op } from "../harness/types.ts";
import { exampleHistory } from "../reports/example-history.ts";
import { type Repetition, renames } from "./long-day-names.ts";

/** The part of the example's steady state that is played again and again: a whole number of every probe's intervals. */
const cycle = { from: 9_000, forMs: 8_000 } as const;

/**
 * A game day that lives long before its region is lost: the example's 80 deployments and 1,200 tasks, whose steady state is repeated until the
 * day has about as many ops as wanted. Nothing is merely copied: markers, objects and tasks are new ones each time, and what is read back in
 * the end holds all of them. At 10 million ops it lasts three hours.
 */
export function* longDay(opsWanted: number, example: readonly Op[] = exampleHistory().ops): Generator<Op> {
  const cut = example.findIndex(({ type, time }) => type === "invoke" && time >= cycle.from + cycle.forMs);
  const again = cycleOf(example);
  const cycles = Math.max(0, Math.round((opsWanted - example.length) / again.length));
  const value = renames(cycles, cycle.forMs);

  let index = 0;
  const placed = new Map<number, { index: number; shiftMs: number }>();
  function* played(ops: readonly Op[], repetition: Repetition): Generator<Op> {
    for (const op of ops) {
      const begun = op.type === "invoke" ? { index, shiftMs: repetition.shiftMs } : placed.get(op.invoke);
      const changed = value(op, repetition);
      if (begun === undefined || changed === "left out") continue;
      // What the run itself does goes on over all repetitions; what a probe has begun ends when it would have.
      const shiftMs = op.process.startsWith("run/") ? repetition.shiftMs : begun.shiftMs;
      if (op.type === "invoke") placed.set(op.index, begun);
      else placed.delete(op.invoke);
      yield inOrder({ ...op, time: op.time + shiftMs, value: changed ?? op.value }, index, begun.index);
      index += 1;
    }
  }
  const repetition = (number: number): Repetition => ({ number, shiftMs: number * cycle.forMs });
  yield* played(example.slice(0, cut), repetition(0));
  const stillOpen = new Map(placed);
  placed.clear();
  for (let number = 1; number <= cycles; number++) yield* played(again, repetition(number));
  for (const [open, begun] of stillOpen) placed.set(open, begun);
  yield* played(example.slice(cut), repetition(cycles));
}

/** An op with its keys in the order in which a journal writes them. */
const inOrder = (op: Op, index: number, invoke: number): Op => {
  const { time, process, f, value } = op;
  // Work that answers nothing leaves no value behind.
  const told = value === undefined || (op.type === "ok" && Object.keys(Object(value)).length === 0) ? {} : { value };
  if (op.type === "invoke") return { type: op.type, index, time, process, f, ...told };
  const why = op.error === undefined ? {} : { error: op.error };
  return { type: op.type, invoke, index, time, process, f, ...told, ...why };
};

/** What load and probes began in the cycle, with its end: in the order of lines. */
function cycleOf(example: readonly Op[]): Op[] {
  const begun = new Set<number>();
  return example.filter((op) => {
    if (op.type !== "invoke") return begun.has(op.invoke);
    const isIn = op.time >= cycle.from && op.time < cycle.from + cycle.forMs && /^(load|probe)\//.test(op.process);
    if (isIn) begun.add(op.index);
    return isIn;
  });
}
