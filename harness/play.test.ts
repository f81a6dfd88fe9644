import { describe, expect, it } from "vitest";
import { RollbackFailed } from "./errors.ts";
import { play } from "./play.ts";
import { rehearse } from "./rehearsal.ts";
import type { Actor, Role, Scenario, Started } from "./types.ts";

/** A rehearsal whose actors only write down what was called, in order. */
function stage(change: Partial<Scenario> = {}) {
  const log: string[] = [];
  const actor = <R extends Role>(role: R, name: string, started: Partial<Started> = {}): Actor<R> => ({
    role,
    name,
    start: async () => {
      log.push(`start ${name}`);
      return { ...started, [Symbol.asyncDispose]: async () => void log.push(`stop ${name}`) };
    },
  });
  const { run, ops, abort } = rehearse({
    scenario: {
      load: [actor("load", "load")],
      fault: { ...actor("fault", "fault"), plan: { breaks: "", forAtMostMs: 1, undoneBy: [] } },
      failover: { name: "failover", perform: async () => void log.push("failover") },
      probes: [actor("probe", "probe", { takeStock: async () => void log.push("stock") })],
      ...change,
    },
  });
  const errorOf = (phase: string): string => {
    const invoked = ops.find(
      ({ type, value }) => type === "invoke" && value instanceof Object && "phase" in value && value.phase === phase,
    );
    const ended = ops.find((op) => op.type !== "invoke" && op.invoke === invoked?.index);
    return ended !== undefined && ended.type !== "invoke" ? (ended.error ?? "") : "";
  };
  return { run, scenario: run.scenario, log, errorOf, actor, abort };
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
    const { run, scenario, log, errorOf } = stage({
      failover: { name: "f", perform: () => Promise.reject(new Error("promotion failed")) },
    });
    await play(scenario, run);
    expect(errorOf("failover")).toContain("promotion failed");
    expect(log.slice(-4)).toEqual(["stock", "stop fault", "stop load", "stop probe"]);
  });

  it("heals at the deadline when the failover never ends", async () => {
    const never: Scenario["failover"] = { name: "f", perform: (run) => run.clock.sleep(60_000, run.signal) };
    const { run, scenario, log, errorOf } = stage({ failover: never });
    await play(scenario, run);
    expect(errorOf("failover")).toContain("deadline of 200 ms");
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
    const { run, scenario, log, abort } = stage({
      failover: {
        name: "interrupted",
        perform: (during) => {
          abort.abort(new Error("stopped by SIGINT"));
          return during.clock.sleep(60_000, during.signal);
        },
      },
    });
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
