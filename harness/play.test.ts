import { describe, expect, it } from "vitest";
import { RollbackFailed } from "./errors.ts";
import { play } from "./play.ts";
import { rehearse } from "./rehearsal.ts";
import type { Act, Actor, FailoverPlan, Fault, Probe, Role, Started } from "./types.ts";

/** A rehearsal whose actors only write down what was called, in order. */
interface Parts {
  readonly fault?: Fault;
  readonly failover?: FailoverPlan["perform"];
  readonly probes?: readonly Probe[];
}

function stage({ fault, failover, probes }: Parts = {}) {
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
      acts: [
        {
          act: "break",
          fault: fault ?? { ...actor("fault", "fault"), plan: { breaks: "", forAtMostMs: 1, undoneBy: [] } },
          acts: [
            {
              act: "drill",
              drill: { name: "failover", from: "lost", to: "survivor" },
              acts: [
                {
                  act: "ask",
                  plan: { name: "f", phase: "failover", perform: failover ?? (async () => void log.push("failover")) },
                },
                { act: "recover" },
                { act: "stock" },
              ],
            },
          ],
        },
      ],
      probes: probes ?? [actor("probe", "probe", { takeStock: async (region) => void log.push(`stock ${region}`) })],
    },
    environment: { regions: { lost: "here", survivor: "there", controlPlanes: "elsewhere" } },
  });
  const errorOf = (phase: string): string => {
    const invoked = ops.find(
      ({ type, value }) => type === "invoke" && value instanceof Object && "phase" in value && value.phase === phase,
    );
    const ended = ops.find((op) => op.type !== "invoke" && op.invoke === invoked?.index);
    return ended !== undefined && ended.type !== "invoke" ? (ended.error ?? "") : "";
  };
  const phases = (): unknown[] =>
    ops.flatMap(({ type, f, value }) =>
      type === "invoke" && f === "phase" && value instanceof Object && "phase" in value ? [value.phase] : [],
    );
  return { run, scenario: run.scenario, ops, log, errorOf, phases, actor, abort };
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
      "stock there",
      "stop fault",
      "stop load",
      "stop probe",
    ]);
  });

  it("heals when the failover throws, and goes on to look at what survived", async () => {
    const { run, scenario, log, errorOf } = stage({ failover: () => Promise.reject(new Error("promotion failed")) });
    await play(scenario, run);
    expect(errorOf("failover")).toContain("promotion failed");
    expect(log.slice(-4)).toEqual(["stock there", "stop fault", "stop load", "stop probe"]);
  });

  it("heals at the deadline when the failover never ends", async () => {
    const { run, scenario, log, errorOf } = stage({ failover: (during) => during.clock.sleep(60_000, during.signal) });
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
      failover: (during) => {
        abort.abort(new Error("stopped by SIGINT"));
        return during.clock.sleep(60_000, during.signal);
      },
    });
    await expect(play(scenario, run)).rejects.toThrow("SIGINT");
    expect(log.slice(-3)).toEqual(["stop fault", "stop load", "stop probe"]);
  });

  it("says that somebody must act when the fault cannot be undone", async () => {
    const stuck: Fault = {
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

  it("does not break a platform that could not stand it", async () => {
    const { run, scenario, log, actor } = stage();
    const bare = actor("probe", "bare", { protection: () => "the standby has no image" });
    await expect(play({ ...scenario, probes: [bare] }, run)).rejects.toThrow("the standby has no image");
    expect(log).not.toContain("start fault");
  });

  it("plays what comes after a drill only when the drill came to its end", async () => {
    const after: Act = { act: "live", forMs: 1 };
    const played = async (failover?: FailoverPlan["perform"]) => {
      const { run, scenario, errorOf, phases } = stage({ ...(failover && { failover }) });
      await play({ ...scenario, acts: [...scenario.acts, after] }, run);
      return { phases: phases(), failover: errorOf("failover") };
    };
    expect((await played()).phases).toContain("life");
    expect((await played(() => Promise.reject(new Error("no")))).phases).not.toContain("life");
  });

  it("writes down why the steady-state check refused, and that it did not", async () => {
    const gate = async (trouble?: string) => {
      const { run, scenario, ops, actor } = stage();
      let unwell = false;
      const fault: Fault = {
        role: "fault",
        name: "handicap",
        plan: { breaks: "", forAtMostMs: 1, undoneBy: [] },
        start: async () => {
          unwell = true;
          return { [Symbol.asyncDispose]: async () => undefined };
        },
      };
      const probe = actor("probe", "standby", { protection: () => (unwell ? trouble : undefined) });
      const acts: Act[] = [{ act: "break", fault, acts: [{ act: "refuse", withinMs: 50 }] }];
      await play({ ...scenario, probes: [probe], acts }, run);
      return ops.find(({ f, type }) => f === "gate" && type !== "invoke");
    };
    expect(await gate("the standby has no image")).toMatchObject({
      type: "ok",
      value: { because: ["the standby has no image"] },
    });
    expect(await gate()).toMatchObject({ type: "fail" });
  });

  it("begins the steady time anew when something goes wrong in it", async () => {
    const { run, scenario, ops, actor } = stage();
    const looks = [undefined, "dep-07 does not answer"];
    const probe = actor("probe", "wavering", { standing: () => looks.shift() });
    const timing = { ...scenario.timing, steadyMs: 150, recoveryDeadlineMs: 5_000 };
    const wavering = { ...scenario, probes: [probe], timing, acts: [] };
    await play(wavering, { ...run, scenario: wavering });
    const begun = ops.find(({ value }) => value instanceof Object && "phase" in value && value.phase === "steady");
    const ended = ops.find((op) => op.type !== "invoke" && op.invoke === begun?.index);
    expect(ended?.type).toBe("ok");
    // The second look comes 100 ms after the first, and the third, with which the time begins, 100 ms after that.
    expect((ended?.time ?? 0) - (begun?.time ?? 0)).toBeGreaterThanOrEqual(200 + 150);
  });
});
