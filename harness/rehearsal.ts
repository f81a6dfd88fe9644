import { startClock } from "./clock.ts";
import { DidNotHappen } from "./errors.ts";
import { seededRandom } from "./random.ts";
import type { Completion, Deed, Environment, Invocation, Op, Run, Scenario } from "./types.ts";

/** For tests of actors: a run whose history stays in memory, in a place that offers only what the test gives. */
export interface Rehearsal {
  readonly run: Run;
  readonly ops: readonly Op[];
  /** Completions of that function so far. */
  ended(f: string): readonly Completion[];
  readonly abort: AbortController;
}

export const rehearsedTiming = {
  steadyMs: 1,
  recoveryDeadlineMs: 200,
  stableMs: 1,
  settleMs: 1,
  probeEveryMs: 20,
  probeWithinMs: 15,
  downAfter: 2,
  upAfter: 3,
  upSpanMs: 40,
};

export const rehearsedScenario: Scenario = {
  name: "rehearsal",
  title: "Rehearsal",
  promise: "nothing",
  requires: [],
  load: [],
  acts: [],
  probes: [],
  checkers: [],
  objectives: {
    rtoWithinMs: 1,
    rpoDatabaseWithinMs: 1,
    tasksLostAtMost: 0,
    tasksRunTwiceAtMost: 0,
    tasksAliveAtLeast: 1,
  },
  timing: rehearsedTiming,
};

export function rehearse(given: { environment?: Partial<Environment>; scenario?: Partial<Scenario> } = {}): Rehearsal {
  const ops: Op[] = [];
  const abort = new AbortController();
  const clock = startClock();
  const begin = ({ process, f, value }: Deed): Invocation => {
    const op: Invocation = { type: "invoke", index: ops.length, time: clock.now(), process, f, value };
    ops.push(op);
    return op;
  };
  const end = <V>(to: Invocation, type: Completion["type"], rest: { value?: V; error?: string }): Completion<V> => {
    const op: Completion<V> = {
      type,
      invoke: to.index,
      index: ops.length,
      time: clock.now(),
      process: to.process,
      f: to.f,
      ...rest,
    };
    ops.push(op);
    return op;
  };
  const unavailable = new Proxy({}, { get: (_, key) => fail(`the rehearsal's environment has no ${String(key)}`) });
  const run: Run = {
    environment: Object.assign(Object.create(unavailable), given.environment),
    clock,
    random: seededRandom("rehearsal"),
    signal: abort.signal,
    scenario: { ...rehearsedScenario, ...given.scenario },
    directory: "",
    async record<V>(deed: Deed, work: () => Promise<V>): Promise<Completion<V>> {
      const invocation = begin(deed);
      try {
        return end<V>(invocation, "ok", { value: await work() });
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (!(error instanceof DidNotHappen)) return end<V>(invocation, "info", { error: message });
        const seen = error.seen === undefined ? {} : { value: error.seen as V };
        return end<V>(invocation, "fail", { ...seen, error: message });
      }
    },
    observe: (seen) =>
      void end(begin(seen), seen.type, {
        ...(seen.result === undefined ? {} : { value: seen.result }),
        ...(seen.error === undefined ? {} : { error: seen.error }),
      }),
  };
  return {
    run,
    ops,
    abort,
    ended: (f) => ops.filter((op): op is Completion => op.type !== "invoke" && op.f === f),
  };
}

function fail(message: string): never {
  throw new Error(message);
}
