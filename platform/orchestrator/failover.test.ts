import { describe, expect, it } from "vitest";
import type { PlatformConfig } from "../settings.ts";
import { answeredAws } from "../testing/aws.ts";
import { east, failbackRecord, Secondary, secondaryRecord, west } from "../testing/secondary.ts";
import { failover, failoverSteps } from "./failover.ts";
import { lookupsOf } from "./lookups.ts";
import type { FailoverRecord } from "./step.ts";
import { pendingSteps, type StepState } from "./steps.ts";

interface RunOptions {
  /** The boundary at which the process dies: before or after the effect of the n-th thing it does. */
  readonly killAt?: { readonly call: number; readonly when: "before" | "after" };
  readonly steps?: readonly StepState[];
  readonly withinMs?: number;
  readonly lookWithinMs?: number;
  readonly record?: FailoverRecord;
  readonly lookups?: PlatformConfig["lookups"];
}

/** Runs a failover until it ends or dies, and gives its last step states and how many things it did. */
async function run(world: Secondary, options: RunOptions = {}) {
  const {
    killAt,
    steps = pendingSteps(failoverSteps),
    withinMs = 5_000,
    lookWithinMs = 1_000,
    record = secondaryRecord,
    lookups = {},
  } = options;
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
  const aws = answeredAws((call) => through(() => world.answer(call)));
  const ended = failover({
    record,
    tools: {
      aws,
      resolveAlias: async (name) => through(() => world.resolveAlias(name)),
      writeOnce: async () => through(() => world.writeOnce(record)),
      lookups: lookupsOf(aws, lookups, record.to),
      inflation: {
        regenerate: async () => through(() => world.regenerate(record)),
        look: async () => through(() => world.inflation(record)),
      },
    },
    patience: { everyMs: 1, lookWithinMs, withinMs, signal: died.signal },
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
  compute: [east, west],
  status: "available",
  writer: secondaryRecord.databaseClusterArn,
  record: secondaryRecord.loadBalancer,
  active: west,
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

  it("waits while operators hold it back, and takes the size that it looks up", async () => {
    const world = new Secondary();
    const { answer } = world;
    const updates: unknown[] = [];
    const said = { value: "wait" };
    Object.assign(world, {
      answer: (call: Parameters<typeof answer>[0]) => {
        if (call.operation === "UpdateStack") updates.push(call.input["Parameters"]);
        if (call.operation === "GetParameter") return { Parameter: { Value: said.value } };
        const isLookup = call.operation === "DescribeStacks" && call.input["StackName"] === "sizes";
        return isLookup
          ? { Stacks: [{ Parameters: [{ ParameterKey: "InstanceClass", ParameterValue: "big" }] }] }
          : answer(call);
      },
    });
    const lookups = { hold: { name: "h", region: "target" }, instanceClass: { name: "sizes", region: "target" } };
    const held = await run(world, { lookups, withinMs: 50 });
    expect(held.outcome).toContain("operators hold it back: h says wait");
    expect(world.effects).toEqual([]);
    said.value = "go";
    expect((await run(world, { lookups })).outcome).toBe("done");
    expect(updates).toEqual([expect.arrayContaining([{ ParameterKey: "InstanceClass", ParameterValue: "big" }])]);
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
    const steps = pendingSteps(failoverSteps).map((step) => ({ ...step, startedMs: 1, state: "running" as const }));
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

describe("failback", () => {
  /** After a failover whose old region was rebuilt and cleaned up. */
  async function failedOver() {
    const world = new Secondary();
    await run(world);
    world.rebuildEast(0);
    world.databases[east]?.answer({ operation: "UpdateStack", region: east, input: headless });
    const { bound } = Object.assign(world.databases[west] ?? {}, { bound: 20 });
    expect(bound).toBe(20);
    for (let look = 0; look < 3; look += 1) world.answer({ operation: "DescribeStacks", region: east, input: {} });
    world.effects.length = 0;
    world.regions.clear();
    return world;
  }
  const headless = { Parameters: [{ ParameterKey: "ComputeEnabled", ParameterValue: "false" }] };
  const back = { record: failbackRecord };
  const effects = ["compute", "unbound", "switchover", "manifests", "dns"];
  const end = {
    compute: [east, west],
    status: "available",
    writer: failbackRecord.databaseClusterArn,
    record: failbackRecord.loadBalancer,
    active: east,
  };

  it("is the same in reverse, with a switchover asked for where the writer is, its bound of loss lifted before", async () => {
    const world = await failedOver();
    const { outcome } = await run(world, back);
    expect({ outcome, effects: world.effects, end: world.end }).toEqual({ outcome: "done", effects, end });
    expect([...world.regions].toSorted()).toEqual(["global", east, west]);
  });

  it("comes to the same end, each effect once, wherever it is killed", async () => {
    const { calls } = await run(await failedOver(), back);
    for (let call = 1; call <= calls; call += 1) {
      for (const when of ["before", "after"] as const) {
        const world = await failedOver();
        const killed = await run(world, { ...back, killAt: { call, when } });
        const { outcome } = await run(world, { ...back, steps: killed.steps });
        const seen = { call, when, outcome, effects: world.effects, end: world.end };
        expect(seen).toEqual({ call, when, outcome: "done", effects, end });
      }
    }
  });

  it("waits, and loses nothing, while the target is not in sync", async () => {
    const world = new Secondary();
    await run(world);
    const { outcome, steps } = await run(world, { ...back, withinMs: 50 });
    expect(outcome).toMatch(/database-failover was not reached .* the target is not in sync/);
    expect(steps.map(({ state }) => state)).toEqual(["done", "failed", "pending", "pending"]);
    expect(world.end.writer).toBe(secondaryRecord.databaseClusterArn);
  });
});

describe("a name that is switched by a health check", () => {
  const dnsSwitch = { region: west, bucket: "acme-switch-us-west-2", key: "on", healthCheckId: "check" };
  const there = { ...secondaryRecord, dnsSwitch };
  const back = { ...failbackRecord, dnsSwitch };
  const changes = (world: Secondary) => world.effects.filter((effect) => /^(switch |dns)/.test(effect));

  /** A pair whose primary is the east. */
  const paired = () => {
    const world = new Secondary();
    world.zone.secondaries.set(secondaryRecord.ingressName, secondaryRecord.loadBalancer);
    return world;
  };

  it("is led over by the survivor's own S3: Route 53's control plane is not called, wherever it is killed", async () => {
    const { calls } = await run(paired(), { record: there });
    for (let call = 1; call <= calls; call += 1) {
      for (const when of ["before", "after"] as const) {
        const world = paired();
        const killed = await run(world, { killAt: { call, when }, record: there });
        const { outcome } = await run(world, { steps: killed.steps, record: there });
        const effects = ["compute", "failover", "manifests", "switch on in us-west-2"];
        expect({ call, when, outcome, effects: world.effects }).toEqual({ call, when, outcome: "done", effects });
        expect([...world.regions]).toEqual([west]);
        expect(await world.resolveAlias(there.ingressName)).toBe(there.loadBalancer);
      }
    }
  });

  it("is led back, and each way only once", async () => {
    const world = paired();
    await run(world, { record: there });
    expect((await run(world, { record: there })).outcome).toBe("done");
    world.rebuildEast(0);
    world.regions.clear();
    const { outcome, steps } = await run(world, { record: back });
    expect(outcome).toBe("done");
    expect(changes(world)).toEqual(["switch on in us-west-2", "switch off in us-west-2"]);
    expect(steps.at(-1)?.detail).toBe(
      "the switch in us-west-2 is off, ingress.acme.airflow.example is answered with ingress.us-east-2.elb.example",
    );
    expect([...world.regions].toSorted()).toEqual([east, west]);
  });

  it("waits for as long as the name servers do not follow, and says what they answer", async () => {
    const world = paired();
    Object.assign(world, { resolveAlias: async () => "ingress.us-east-2.elb.example" });
    const { outcome } = await run(world, { record: there, withinMs: 100 });
    expect(outcome).toMatch(/dns was not reached .* the switch in us-west-2 is on, .* answered with ingress.us-east-2/);
  });
});

describe("a record that is to be moved where a pair stands", () => {
  it("takes its place in one change", async () => {
    const world = new Secondary();
    world.zone.secondaries.set(secondaryRecord.ingressName, secondaryRecord.loadBalancer);
    const { outcome, steps } = await run(world);
    expect({ outcome, end: world.end }).toEqual({ outcome: "done", end: reached });
    expect(world.zone.secondaries.size).toBe(0);
    expect(steps.at(-1)?.detail).toBe("ingress.acme.airflow.example is ingress.us-west-2.elb.example, INSYNC");
  });
});

describe("a step that waits", () => {
  it("names the call to AWS that it waits for", async () => {
    const world = new Secondary();
    const aws = answeredAws(world.answer);
    const seen = new Map<string, StepState["waitsOn"]>();
    await failover({
      record: secondaryRecord,
      tools: {
        aws,
        lookups: lookupsOf(aws, {}, secondaryRecord.to),
        resolveAlias: world.resolveAlias,
        writeOnce: async () => world.writeOnce(),
        inflation: { regenerate: async () => world.regenerate(), look: async () => world.inflation() },
      },
      patience: { everyMs: 1, lookWithinMs: 1_000, withinMs: 2_000 },
      onStep: ({ name, waitsOn }) => void (waitsOn === undefined || seen.set(name, waitsOn)),
    });
    const answered = true;
    expect(Object.fromEntries(seen)).toEqual({
      "database-compute": { service: "rds", operation: "CreateDBInstance", region: west, answered },
      "database-failover": { service: "rds", operation: "FailoverGlobalCluster", region: west, answered },
      dns: { service: "route53", operation: "ChangeResourceRecordSets", region: "us-east-1", answered },
    });
  });
});

describe("compute that cannot be had", () => {
  it("keeps the step open with its reason, and goes on when there is room again", async () => {
    const world = new Secondary();
    const database = world.databases[west];
    if (database === undefined) throw new Error("no west");
    database.shortOf = "no capacity for db.r6g.large";
    const { outcome, steps } = await run(world, { withinMs: 100 });
    expect(outcome).toMatch(/^database-compute was not reached/);
    expect(steps[0]?.detail).toContain("rolled back before: Instance: no capacity for db.r6g.large");
    database.shortOf = undefined;
    expect((await run(world, { steps })).outcome).toBe("done");
    expect(world.effects).toEqual(eachOnce);
  });

  it("is given again when it was taken away after its step", async () => {
    const world = new Secondary();
    const database = world.databases[west];
    let taken = false;
    const answer = world.answer;
    Object.assign(world, {
      answer: (call: Parameters<typeof answer>[0]) => {
        if (call.operation === "DescribeGlobalClusters" && !taken) {
          taken = true;
          const Parameters = [{ ParameterKey: "ComputeEnabled", ParameterValue: "false" }];
          database?.answer({ operation: "UpdateStack", region: west, input: { Parameters } });
          for (let look = 0; look < 3; look += 1) database?.answer({ ...call, operation: "DescribeStacks" });
        }
        return answer(call);
      },
    });
    expect((await run(world)).outcome).toBe("done");
    expect(world.effects).toEqual(["compute", "headless", "compute", "failover", "manifests", "dns"]);
  });
});

describe("a call whose answer is late", () => {
  it("is asked about and not repeated, because it may have been carried out", async () => {
    const world = new Secondary();
    const late = new Set<string>();
    const answer = world.answer;
    Object.assign(world, {
      answer: (call: Parameters<typeof answer>[0]) => {
        const answered = answer(call);
        if (!/^(Update|Failover|Change)/.test(call.operation) || late.has(call.operation)) return answered;
        late.add(call.operation);
        return new Promise(() => undefined);
      },
    });
    const { outcome } = await run(world, { lookWithinMs: 10 });
    expect({ outcome, late: late.size, effects: world.effects }).toEqual({
      outcome: "done",
      late: 3,
      effects: eachOnce,
    });
  });
});
