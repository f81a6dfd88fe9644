import { describe, expect, it } from "vitest";
import { startClock } from "./clock.ts";
import { RollbackFailed } from "./errors.ts";
import { play } from "./play.ts";
import { seededRandom } from "./random.ts";
import type { Actor, Completion, Deed, Environment, Role, Run, Scenario, Started } from "./types.ts";

const timing = {
  steadyMs: 1,
  recoveryDeadlineMs: 200,
  stableMs: 1,
  settleMs: 1,
  probeEveryMs: 10,
  probeWithinMs: 5,
  downAfter: 2,
  upAfter: 3,
  upSpanMs: 2,
};
const objectives = {
  rtoWithinMs: 1,
  rpoDatabaseWithinMs: 1,
  tasksLostAtMost: 0,
  tasksRunTwiceAtMost: 0,
  tasksAliveAtLeast: 1,
};

/** A run whose actors only write down what was called, in order. */
function stage(change: Partial<Scenario> = {}, abort = new AbortController()) {
  const log: string[] = [];
  const phases: Record<string, string> = {};
  const actor = <R extends Role>(role: R, name: string, started: Partial<Started> = {}): Actor<R> => ({
    role,
    name,
    start: async () => {
      log.push(`start ${name}`);
      return { ...started, [Symbol.asyncDispose]: async () => void log.push(`stop ${name}`) };
    },
  });
  const scenario: Scenario = {
    name: "test",
    title: "test",
    promise: "",
    requires: [],
    load: [actor("load", "load")],
    fault: { ...actor("fault", "fault"), plan: { breaks: "", forAtMostMs: 1, undoneBy: [] } },
    failover: { name: "failover", perform: async () => void log.push("failover") },
    probes: [actor("probe", "probe", { takeStock: async () => void log.push("stock") })],
    checkers: [],
    objectives,
    timing,
    ...change,
  };
  const record = async <V>({ f, value }: Deed, work: () => Promise<V>): Promise<Completion<V>> => {
    const name = f === "phase" && value instanceof Object && "phase" in value ? String(value.phase) : f;
    const base = { invoke: 0, index: 1, time: 0, process: "run/play" as const, f };
    try {
      const result = await work();
      phases[name] = "ok";
      return { type: "ok", ...base, value: result };
    } catch (error) {
      phases[name] = String(error);
      return { type: "info", ...base, error: String(error) };
    }
  };
  const run: Run = {
    environment: {} as Environment, // The actors here ask nothing of it.
    clock: startClock(),
    random: seededRandom("play"),
    signal: abort.signal,
    scenario,
    directory: "",
    record,
    observe: () => undefined,
  };
  return { run, scenario, log, phases, actor, abort };
}

describe("play", () => {
  it("opens probes first, heals before load stops, and closes probes last", async () => {
    const { run, scenario, log } = stage();
    await play(scenario, run);
    expect(log).toEqual([
      "start probe",
      "start load",
      "start fault",
      "failover",
      "stock",
      "stop fault",
      "stop load",
      "stop probe",
    ]);
  });

  it("heals when the failover throws, and goes on to look at what survived", async () => {
    const { run, scenario, log, phases } = stage({
      failover: { name: "f", perform: () => Promise.reject(new Error("promotion failed")) },
    });
    await play(scenario, run);
    expect(phases["failover"]).toContain("promotion failed");
    expect(log.slice(-4)).toEqual(["stock", "stop fault", "stop load", "stop probe"]);
  });

  it("heals at the deadline when the failover never ends", async () => {
    const never: Scenario["failover"] = { name: "f", perform: (run) => run.clock.sleep(60_000, run.signal) };
    const { run, scenario, log, phases } = stage({ failover: never });
    await play(scenario, run);
    expect(phases["failover"]).toContain("deadline of 200 ms");
    expect(log).toContain("stop fault");
  });

  it("stops those that started when another cannot", async () => {
    const broken: Actor<"probe"> = {
      role: "probe",
      name: "broken",
      start: () => Promise.reject(new Error("no socket")),
    };
    const { run, scenario, log, actor } = stage();
    await expect(play({ ...scenario, probes: [actor("probe", "first"), broken] }, run)).rejects.toThrow("no socket");
    expect(log).toEqual(["start first", "stop first"]);
  });

  it("heals and unwinds when it is interrupted", async () => {
    const abort = new AbortController();
    const { run, scenario, log } = stage(
      {
        failover: {
          name: "f",
          perform: async (r) => {
            abort.abort(new Error("stopped by SIGINT"));
            await r.clock.sleep(60_000, r.signal);
          },
        },
      },
      abort,
    );
    await expect(play(scenario, run)).rejects.toThrow("SIGINT");
    expect(log.slice(-3)).toEqual(["stop fault", "stop load", "stop probe"]);
  });

  it("says that somebody must act when the fault cannot be undone", async () => {
    const stuck: Scenario["fault"] = {
      role: "fault",
      name: "stuck",
      plan: { breaks: "", forAtMostMs: 1, undoneBy: [] },
      start: async () => ({ [Symbol.asyncDispose]: () => Promise.reject(new Error("no answer")) }),
    };
    const { run, scenario, log } = stage({ fault: stuck });
    await expect(play(scenario, run)).rejects.toBeInstanceOf(RollbackFailed);
    expect(log.slice(-2)).toEqual(["stop load", "stop probe"]);
  });

  it("does not break an unhealthy platform", async () => {
    const { run, scenario, log, actor } = stage();
    const unwell = { ...scenario, probes: [actor("probe", "unwell", { standing: () => "dep-07 does not answer" })] };
    await expect(play(unwell, run)).rejects.toThrow("dep-07 does not answer");
    expect(log).not.toContain("start fault");
  });
});
