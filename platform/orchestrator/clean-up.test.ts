import { describe, expect, it } from "vitest";
import { answeredAws } from "../testing/aws.ts";
import { movedWorld, moveWorld } from "../testing/moved.ts";
import { cleanUpRecord, east, failbackRecord, secondaryRecord, west } from "../testing/secondary.ts";
import { type CleanUpRecord, cleanUp, cleanUpSteps } from "./clean-up.ts";
import type { FailoverRecord } from "./step.ts";
import { pendingSteps, type StepState } from "./steps.ts";

const failedOverAtMs = 1_000;
const patience = { everyMs: 1, lookWithinMs: 1_000, withinMs: 2_000 };

/** Two regions after a move, and how a clean-up of them is run. */
async function worldAfter(
  record: FailoverRecord,
  {
    active = record.to,
    rebuiltSinceMs = failedOverAtMs as number | null,
    standbyCompute = "headless" as CleanUpRecord["standbyCompute"],
  } = {},
) {
  const world = await movedWorld(secondaryRecord);
  if (record.from !== null) {
    world.rebuildEast(failedOverAtMs + 1);
    await moveWorld(world, record);
  }
  world.effects.length = 0;
  world.regions.clear();
  let silent: string | undefined;
  const run = async (
    options: { readonly signal?: AbortSignal; readonly steps?: readonly StepState[]; readonly withinMs?: number } = {},
  ) => {
    const states = new Map(pendingSteps(cleanUpSteps).map((step) => [step.name, step]));
    const outcome = await cleanUp({
      record: { ...cleanUpRecord(active, rebuiltSinceMs), standbyCompute },
      tools: {
        aws: answeredAws(world.answer),
        silence: () => silent,
        lossBoundIn: (region) => (region === active ? 20 : null),
      },
      patience: { ...patience, ...options },
      onStep: (step) => void states.set(step.name, step),
    }).then(
      () => "done",
      (error: Error) => error.message,
    );
    return { outcome, steps: [...states.values()] };
  };
  return {
    world,
    run,
    setSilent: (reason: string | undefined) => {
      silent = reason;
    },
  };
}

describe("a clean-up after a failover", () => {
  it("waits while the region is silent, and does not call it", async () => {
    const { world, run, setSilent } = await worldAfter(secondaryRecord);
    setSilent("us-east-2 is silent for 90 s");
    const { outcome, steps } = await run({ withinMs: 50 });
    expect(outcome).toContain("rebuilt was not reached");
    expect(steps[0]?.detail).toBe("us-east-2 is silent for 90 s; its database is pending-resync");
    expect([...world.regions]).toEqual([west]);
    expect(world.effects).toEqual([]);
  });

  it("waits for the rebuild when the region is heard again, then keeps the snapshot, then takes compute, then bounds loss", async () => {
    const { world, run } = await worldAfter(secondaryRecord);
    Object.assign(world.databases[east] ?? {}, { bound: 20 });
    expect((await run({ withinMs: 50 })).steps[0]).toMatchObject({
      state: "failed",
      detail: "us-east-2 is heard again, its database is pending-resync",
    });
    world.rebuildEast(failedOverAtMs + 1);
    const { outcome, steps } = await run();
    expect(outcome).toBe("done");
    expect(world.effects).toEqual(["snapshot", "headless", "unbound", "bound 20"]);
    expect(world.end.compute).toEqual([west]);
    expect(steps.map(({ detail }) => detail)).toEqual([
      expect.stringContaining("Finished resynchronizing"),
      "kept as rescue-acme-us-east-2-2026-01-01 in us-east-2",
      "stack is UPDATE_COMPLETE, instance is missing; loss is not bounded in us-east-2, loss is bounded to 20 s in us-west-2",
    ]);
  });

  it("does not take the rebuild of an earlier failover for this one's", async () => {
    const { world, run } = await worldAfter(secondaryRecord);
    world.rebuildEast(failedOverAtMs - 1);
    const { outcome } = await run({ withinMs: 50 });
    expect(outcome).toContain("rebuilt was not reached");
    expect(world.effects).toEqual([]);
  });

  it("does nothing twice when it is run again", async () => {
    const { world, run } = await worldAfter(secondaryRecord);
    world.rebuildEast(failedOverAtMs + 1);
    await run();
    const effects = [...world.effects];
    expect((await run()).outcome).toBe("done");
    expect(world.effects).toEqual(effects);
  });

  it("leaves a warm standby its compute", async () => {
    const { world, run } = await worldAfter(secondaryRecord, { standbyCompute: "warm" });
    world.rebuildEast(failedOverAtMs + 1);
    const { outcome, steps } = await run();
    expect(outcome).toBe("done");
    expect(world.effects).toEqual(["snapshot", "bound 20"]);
    expect(world.end.compute).toEqual([east, west]);
    expect(steps.at(-1)?.detail).toContain("instance is available");
  });

  it("stops when it is told to, whatever it waits for", async () => {
    const { run, setSilent } = await worldAfter(secondaryRecord);
    setSilent("us-east-2 has not been heard");
    const stop = new AbortController();
    const running = run({ signal: stop.signal, withinMs: 60_000 });
    stop.abort(new Error("failback began"));
    expect((await running).outcome).toBe("failback began");
  });
});

describe("a clean-up after a failback", () => {
  it("has nothing to wait for, and makes the second region headless again", async () => {
    const { world, run } = await worldAfter(failbackRecord, { rebuiltSinceMs: null });
    expect((await run()).outcome).toBe("done");
    expect(world.effects).toEqual(["snapshot", "headless", "bound 20"]);
    expect(world.end.compute).toEqual([east]);
  });
});
