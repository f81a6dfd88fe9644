import { describe, expect, it } from "vitest";
import { answeredAws } from "../testing/aws.ts";
import { Secondary, secondaryRecord } from "../testing/secondary.ts";
import { failover, pendingSteps, type StepState } from "./failover.ts";

interface RunOptions {
  /** The boundary at which the process dies: before or after the effect of the n-th thing it does. */
  readonly killAt?: { readonly call: number; readonly when: "before" | "after" };
  readonly steps?: readonly StepState[];
  readonly withinMs?: number;
}

/** Runs a failover until it ends or dies, and gives its last step states and how many things it did. */
async function run(world: Secondary, { killAt, steps = pendingSteps(), withinMs = 5_000 }: RunOptions = {}) {
  const died = new AbortController();
  let calls = 0;
  const through = <T>(effect: () => T): T => {
    if (died.signal.aborted) throw new Error("a dead process does nothing");
    calls += 1;
    const dies = calls === killAt?.call;
    if (dies && killAt?.when === "before") died.abort();
    if (died.signal.aborted) throw new Error("killed");
    try {
      return effect();
    } finally {
      if (dies) died.abort();
    }
  };
  const states = new Map(steps.map((step) => [step.name, step]));
  const ended = failover({
    record: secondaryRecord,
    tools: {
      aws: answeredAws((call) => through(() => world.answer(call))),
      writeOnce: async () => through(() => world.writeOnce()),
      inflation: {
        regenerate: async () => through(() => world.regenerate()),
        look: async () => through(() => world.inflation()),
      },
    },
    patience: { everyMs: 1, lookWithinMs: 1_000, withinMs, signal: died.signal },
    steps,
    onStep: (step) => states.set(step.name, step),
  });
  const outcome = await ended.then(
    () => "done",
    (error: Error) => error.message,
  );
  return { outcome, calls, steps: [...states.values()] };
}

const reached = {
  compute: "true",
  status: "available",
  writer: secondaryRecord.databaseClusterArn,
  record: secondaryRecord.loadBalancer,
  active: true,
};
const eachOnce = ["compute", "failover", "manifests", "dns"];

describe("failover", () => {
  it("brings compute, promotion, deployments and the name over, in this order", async () => {
    const world = new Secondary();
    const { outcome, steps } = await run(world);
    expect(outcome).toBe("done");
    expect(world.effects).toEqual(eachOnce);
    expect(world.end).toEqual(reached);
    expect(steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "database-compute done",
      "database-failover done",
      "manifests done",
      "dns done",
    ]);
    const times = steps.flatMap(({ startedMs, endedMs }) => [startedMs ?? 0, endedMs ?? 0]);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it("calls the region that takes over and the global control plane, and no other", async () => {
    const world = new Secondary();
    await run(world);
    expect([...world.regions].toSorted()).toEqual(["global", "us-west-2"]);
  });

  it("comes to the same end, each effect once, wherever it is killed", async () => {
    const { calls } = await run(new Secondary());
    expect(calls).toBeGreaterThan(15);
    for (let call = 1; call <= calls; call += 1) {
      for (const when of ["before", "after"] as const) {
        const world = new Secondary();
        const killed = await run(world, { killAt: { call, when } });
        expect(killed.calls).toBe(call);
        const resumed = await run(world, { steps: killed.steps });
        expect({ call, when, outcome: resumed.outcome, effects: world.effects, end: world.end }).toEqual({
          call,
          when,
          outcome: "done",
          effects: eachOnce,
          end: reached,
        });
      }
    }
  });

  it("does nothing again when everything is done already", async () => {
    const world = new Secondary();
    await run(world);
    await run(world);
    expect(world.effects).toEqual(eachOnce);
  });

  it("keeps the begin of a step that an earlier run began", async () => {
    const steps = pendingSteps().map((step) => ({ ...step, startedMs: 1, state: "running" as const }));
    const { steps: ended } = await run(new Secondary(), { steps });
    expect(ended.map(({ startedMs }) => startedMs)).toEqual([1, 1, 1, 1]);
  });

  it("says what it saw last when a step does not get there", async () => {
    const world = new Secondary();
    world.writeOnce = () => {
      throw new Error("cannot execute INSERT in a read-only transaction");
    };
    const { outcome, steps } = await run(world, { withinMs: 100 });
    expect(outcome).toMatch(/^database-failover was not reached within 100 ms; last seen: .*read-only transaction/);
    expect(steps.map(({ state }) => state)).toEqual(["done", "failed", "pending", "pending"]);
  });
});
