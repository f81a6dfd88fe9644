import { afterEach, describe, expect, it } from "vitest";
import type { Cluster } from "../cluster.ts";
import { pendingSteps } from "../orchestrator/steps.ts";
import { type CalledApi, startApi } from "../testing/api.ts";
import type { AwsCall } from "../testing/aws.ts";
import { acme } from "../testing/cluster.ts";
import { movedWorld } from "../testing/moved.ts";
import { east, elsewhere, Secondary, secondaryRecord, west } from "../testing/secondary.ts";
import { standing } from "../testing/standing.ts";
import { type Operation, type OperationKind, stepsOf } from "./operation.ts";

const one = "/v1/clusters/acme";
const failedOver: Cluster = { ...acme, is_failed_over: true, active_region: west };
let api: CalledApi | undefined;
afterEach(() => api?.[Symbol.asyncDispose]());

function operation(kind: OperationKind, state: Operation["state"], done: readonly string[] = stepsOf[kind]): Operation {
  const steps = pendingSteps(stepsOf[kind]).map((step) =>
    done.includes(step.name) ? { ...step, state: "done" as const, startedMs: 1, endedMs: 2 } : step,
  );
  return { id: crypto.randomUUID(), cluster: "acme", kind, state, steps };
}

/** A control plane that finds the cluster so, and what came before, in this order. */
async function given(
  cluster: Cluster,
  before: readonly Operation[],
  world = new Secondary(),
  answer = standing(world),
) {
  const started = await startApi(answer, {
    moreRegions: [elsewhere],
    remember(store) {
      store.putCluster(cluster);
      for (const each of before) store.putOperation(each);
    },
  });
  api = started;
  const { call } = started;
  return {
    world,
    call,
    restart: started.restart,
    heard: (region: string) => call("POST", `${one}/reports`, { region, applied: null, deployments: [], problems: [] }),
    operations: async () => (await call("GET", `${one}/operations`)).body.operations,
    async ended({ id }: { readonly id: string }) {
      for (;;) {
        const { body } = await call("GET", `${one}/operations/${id}`);
        if (body.state !== "running") return body;
      }
    },
  };
}

describe("a failback is refused", () => {
  const back = ["PATCH", one, { is_failed_over: false }] as const;
  const failover = operation("failover", "done");

  it("while its region is silent, with the way out when it never returns", async () => {
    const { call, operations } = await given(failedOver, [failover, operation("clean-up", "running", [])]);
    const { status, body } = await call(...back);
    expect({ status, type: body.type }).toEqual({ status: 409, type: "/problems/region-unreachable" });
    expect(body.detail).toContain("us-east-2 has not been heard");
    expect(body.detail).toContain(`DELETE ${one}/regions/us-east-2`);
    expect((await call("GET", one)).body).toMatchObject({ is_failed_over: true });
    expect(await operations()).toHaveLength(2);
  });

  it("until its region is rebuilt, with the clean-up to follow", async () => {
    const world = await movedWorld(secondaryRecord);
    const cleanUp = operation("clean-up", "running", []);
    const { call, heard } = await given(failedOver, [failover, cleanUp], world);
    await heard(east);
    const { status, body } = await call(...back);
    expect({ status, type: body.type }).toEqual({ status: 409, type: "/problems/not-rebuilt" });
    expect(body.detail).toContain(`${one}/operations/${cleanUp.id}`);
  });

  it("while its database is not in sync", async () => {
    const world = await movedWorld(secondaryRecord);
    const { call, heard } = await given(failedOver, [failover, operation("clean-up", "done")], world);
    await heard(east);
    const { status, body } = await call(...back);
    expect({ status, type: body.type }).toEqual({ status: 409, type: "/problems/not-in-sync" });
    expect(body.detail).toContain("pending-resync");
    expect(world.effects).toEqual([]);
  });

  it("while the database does not tell", async () => {
    const silent = (call: AwsCall) =>
      call.operation === "DescribeGlobalClusters" ? new Promise(() => undefined) : standing(new Secondary())(call);
    const { call, heard } = await given(failedOver, [failover, operation("clean-up", "done")], new Secondary(), silent);
    await heard(east);
    expect(await call(...back)).toMatchObject({ status: 503, body: { type: "/problems/database-unknown" } });
    expect((await call("GET", one)).body).toMatchObject({ is_failed_over: true });
  });
});

describe("a return without the region that is left", () => {
  const back = ["PATCH", one, { is_failed_over: false, allow_data_loss: true }] as const;
  const failover = operation("failover", "done");

  it("is refused while its target is silent, or not rebuilt: then there is nothing to go back to", async () => {
    const { call, heard, operations } = await given(failedOver, [failover, operation("clean-up", "running", [])]);
    expect(await call(...back)).toMatchObject({ status: 409, body: { type: "/problems/region-unreachable" } });
    await heard(east);
    expect(await call(...back)).toMatchObject({ status: 409, body: { type: "/problems/not-rebuilt" } });
    expect(await operations()).toHaveLength(2);
  });

  it("takes the place of a failback, of which a second one would have to wait", async () => {
    const lost = (call: AwsCall) =>
      call.region === west ? new Promise(() => undefined) : standing(new Secondary())(call);
    const failback = operation("failback", "running", []);
    const { call, heard, operations } = await given(failedOver, [failover, failback], new Secondary(), lost);
    await heard(east);
    const again = await call("PATCH", one, { is_failed_over: false });
    expect(again).toMatchObject({ status: 409, body: { type: "/problems/operation-running" } });
    expect((await call(...back)).status).toBe(202);
    expect((await operations()).slice(-2)).toMatchObject([
      { id: failback.id, state: "failed", error: expect.stringContaining("stopped, because failover") },
      { kind: "failover", region: east, state: "running" },
    ]);
    expect(await call(...back)).toMatchObject({ status: 409, body: { type: "/problems/operation-running" } });
  });
});

describe("a clean-up that waits", () => {
  it("gives way to a failover, and is taken up again after a restart", async () => {
    const failback = operation("failback", "done");
    const cleanUp = { ...operation("clean-up", "running", []), region: west };
    const { call, restart, operations } = await given(acme, [failback, cleanUp]);
    await restart();
    expect((await operations()).at(-1)).toMatchObject({ id: cleanUp.id, state: "running" });
    expect((await call("PATCH", one, { is_failed_over: true })).status).toBe(202);
    expect((await operations()).slice(-2)).toMatchObject([
      { id: cleanUp.id, state: "failed", error: expect.stringContaining("stopped, because failover") },
      { kind: "failover", state: "running" },
    ]);
  });
});

describe("a region that never returns", () => {
  const failover = operation("failover", "done");
  const cleanUp = operation("clean-up", "running", []);

  it("is not the one that the cluster lives in, nor one that it is not in", async () => {
    const { call, operations } = await given(failedOver, [failover, cleanUp]);
    const active = await call("DELETE", `${one}/regions/${west}`);
    expect(active).toMatchObject({ status: 409, body: { type: "/problems/region-active" } });
    const strange = await call("DELETE", `${one}/regions/${elsewhere}`);
    expect(strange).toMatchObject({ status: 404, body: { type: "/problems/unknown-region" } });
    expect(await operations()).toHaveLength(2);
  });

  it("is given up without touching what runs, and another one takes its place", async () => {
    const world = await movedWorld(secondaryRecord);
    const { call, ended, operations } = await given(failedOver, [failover, cleanUp], world);
    const { body } = await call("DELETE", `${one}/regions/${east}`);
    expect(await ended(body.operation)).toMatchObject({ kind: "abandon-region", region: east, state: "done" });
    expect([...world.regions]).toEqual([west]);
    expect(world.effects).toEqual(["removed", "unreplicated", "unreplicated"]);
    expect((await operations())[1]).toMatchObject({ kind: "clean-up", state: "failed" });
    const { body: alone } = await call("GET", one);
    expect(alone).toMatchObject({
      region: west,
      dr_region: null,
      is_failed_over: false,
      active_region: west,
      protection: { state: "unprotected", because: "there is no second region; set dr_region to eu-west-1" },
      secondary_candidates: [elsewhere],
    });
    expect(alone.resources.regions[west].telemetryId).toBe("acme-dr");

    const back = await call("PATCH", one, { dr_region: east });
    expect(back).toMatchObject({ status: 409, body: { type: "/problems/region-abandoned" } });
    const put = await call("PATCH", one, { dr_region: elsewhere });
    expect(await ended(put.body.operation)).toMatchObject({ kind: "enable-dr", state: "done" });
    const { body: both } = await call("GET", one);
    expect(both).toMatchObject({ region: west, dr_region: elsewhere, active_region: west });
    expect(both.resources.regions[elsewhere].telemetryId).toBe("acme");
  });

  it("that comes back all the same is told to run nothing", async () => {
    const alone = { ...acme, region: west, dr_region: null, active_region: west, abandoned_regions: [east] };
    const { call } = await given(alone, []);
    const { status, etag, body } = await call("GET", `${one}/manifests/${east}`);
    expect({ status, objects: body.objects }).toEqual({ status: 200, objects: [] });
    const known = { "if-none-match": etag ?? "" };
    expect((await call("GET", `${one}/manifests/${east}`, undefined, known)).status).toBe(304);
  });
});

describe("the bound of loss", () => {
  it("is lifted and set again on the writer, and shows in the protection", async () => {
    const { world, call, ended, heard } = await given(acme, []);
    Object.assign(world.databases[east] ?? {}, { bound: 20 });
    const lifted = await call("PATCH", one, { loss_bound: "suspended" });
    expect(await ended(lifted.body.operation)).toMatchObject({ kind: "loss-bound", state: "done" });
    await heard(east);
    await heard(west);
    expect((await call("GET", one)).body.protection).toMatchObject({ state: "suspended" });
    const set = await call("PATCH", one, { loss_bound: "enforced" });
    expect(await ended(set.body.operation)).toMatchObject({
      steps: [{ detail: "loss is bounded to 20 s in us-east-2" }],
    });
    expect(world.effects).toEqual(["unbound", "bound 20"]);
    expect([...world.regions]).toEqual([east]);
    expect((await call("GET", one)).body.protection).toMatchObject({ state: "protected" });
  });

  it("is not set while the standby is out of step: it would stall the writer", async () => {
    const world = await movedWorld(secondaryRecord);
    const { call, ended } = await given(failedOver, [operation("failover", "done")], world);
    const { body } = await call("PATCH", one, { loss_bound: "enforced" });
    expect(await ended(body.operation)).toMatchObject({
      state: "failed",
      steps: [{ detail: "waiting for the standby, which is pending-resync" }],
    });
    expect(world.effects).toEqual([]);
  });
});
