import {
  DescribeDBClusterParametersCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
} from "@aws-sdk/client-rds";
import { expect, it } from "vitest";
import { startTwoRegions, type TestRegion, type TwoRegions } from "../../fixtures/lab/aurora/testing.ts";
import { untilReplicated } from "../../fixtures/lab/aurora/testing-cluster.ts";
import { acme, type PlatformUnderTest, platformOn } from "../../fixtures/lab/platform-testing.ts";

const eventually = (read: () => unknown) => expect.poll(read, { interval: 20, timeout: 20_000 });

const boundIn = async (region: TestRegion) => {
  const asked = new DescribeDBClusterParametersCommand({
    DBClusterParameterGroupName: "acme-database",
    Source: "user",
  });
  return (await region.rds.send(asked)).Parameters?.[0]?.ParameterValue;
};
const instancesIn = async (region: TestRegion) =>
  (await region.rds.send(new DescribeDBClustersCommand())).DBClusters?.[0]?.DBClusterMembers?.length;

it("provisions a global database with a headless secondary, and finds all of it when it is asked again", async () => {
  await using regions = await startTwoRegions();
  for (const _ of ["made", "found"]) {
    await using platform = await platformOn(regions);
    const { body } = await platform.call("POST", "", acme);
    expect(body.state).toBe("active");
  }
  const { GlobalClusters } = await regions.west.rds.send(new DescribeGlobalClustersCommand());
  expect(GlobalClusters).toHaveLength(1);
  expect(GlobalClusters?.[0]?.GlobalClusterMembers?.map(({ IsWriter }) => IsWriter)).toEqual([true, false]);
  expect(await instancesIn(regions.west)).toBe(0);
  expect([await boundIn(regions.east), await boundIn(regions.west)]).toEqual(["20", undefined]);
});

async function failedOver(regions: TwoRegions, { call, ended }: PlatformUnderTest) {
  await call("POST", "", acme);
  await call("POST", "/acme/deployments", { deployments: [{ name: "dep-01" }] });
  await regions.east.sql("CREATE TABLE proof (seq int)");
  await untilReplicated(regions);
  await regions.east.powerOff();
  const { operation } = (await call("PATCH", "/acme", { is_failed_over: true })).body;
  return ended(operation);
}

it("fails over to the survivor when the primary region is gone, and the manifests change only when its database takes writes", async () => {
  await using regions = await startTwoRegions();
  await using platform = await platformOn(regions);
  const { call } = platform;
  await call("POST", "", acme);
  await call("POST", "/acme/deployments", { deployments: [{ name: "dep-01" }] });
  const resting = (await call("GET", "/acme/manifests/us-west-2")).etag;
  await regions.east.powerOff();
  const { operation } = (await call("PATCH", "/acme", { is_failed_over: true })).body;
  await eventually(async () => (await call("GET", "/acme/manifests/us-west-2")).etag).not.toBe(resting);
  await regions.west.sql("CREATE TABLE proof (at timestamptz)");
  using _reconciler = platform.reconciler(acme.dr_region);
  expect(await platform.ended(operation)).toMatchObject({
    state: "done",
    steps: [
      { name: "database-compute", state: "done" },
      { name: "database-failover", state: "done" },
      { name: "manifests", state: "done", detail: "1 of 1 deployments ready" },
      { name: "dns", state: "done" },
    ],
  });
  expect((await call("GET", "/acme")).body).toMatchObject({ is_failed_over: true, active_region: acme.dr_region });
});

it("cleans up when the region is back, fails back without loss, and stands as at the beginning", async () => {
  await using regions = await startTwoRegions();
  await using platform = await platformOn(regions);
  const { call, ended } = platform;
  using _west = platform.reconciler(acme.dr_region);
  expect(await failedOver(regions, platform)).toMatchObject({ kind: "failover", state: "done" });

  const { operations } = (await call("GET", "/acme/operations")).body;
  const cleanUp = operations.at(-1);
  expect(cleanUp).toMatchObject({ kind: "clean-up", region: acme.region, state: "running" });
  const tooEarly = await call("PATCH", "/acme", { is_failed_over: false });
  expect(tooEarly).toMatchObject({ status: 409, body: { type: "/problems/region-unreachable" } });
  await eventually(async () => (await call("GET", "/acme")).body.protection).toMatchObject({
    state: "unprotected",
    because: expect.stringContaining("us-east-2 has not been heard"),
  });

  await regions.east.powerOn();
  using _east = platform.reconciler(acme.region);
  expect(await ended(cleanUp)).toMatchObject({
    state: "done",
    steps: [
      { name: "rebuilt", detail: expect.stringContaining("Finished resynchronizing") },
      { name: "rescue-snapshot", detail: expect.stringMatching(/^kept as rescue-acme-us-east-2-/) },
      { name: "standby-compute", detail: expect.stringContaining("loss is bounded to 20 s in us-west-2") },
    ],
  });
  expect([await instancesIn(regions.east), await instancesIn(regions.west)]).toEqual([0, 1]);
  expect([await boundIn(regions.east), await boundIn(regions.west)]).toEqual([undefined, "20"]);
  const { DBClusterSnapshots } = await regions.east.rds.send(
    new DescribeDBClusterSnapshotsCommand({ SnapshotType: "manual" }),
  );
  expect(DBClusterSnapshots).toMatchObject([{ Status: "available" }]);
  expect((await call("GET", "/acme")).body.protection).toMatchObject({ state: "protected" });

  // Writes go on until the writer is stopped: whatever was acknowledged is in the new one.
  const acknowledged: number[] = [];
  const writing = (async () => {
    for (let seq = 1; ; seq += 1) {
      await regions.west.sql("INSERT INTO proof VALUES ($1)", [seq]);
      acknowledged.push(seq);
    }
  })().catch(() => undefined);
  const { operation } = (await call("PATCH", "/acme", { is_failed_over: false })).body;
  expect(await ended(operation)).toMatchObject({ kind: "failback", state: "done" });
  await writing;
  await expect(regions.west.sql("INSERT INTO proof VALUES (0)")).rejects.toThrow();
  const kept = await regions.east.sql<{ seq: number }>("SELECT seq FROM proof ORDER BY seq");
  expect(kept.map(({ seq }) => seq)).toEqual(expect.arrayContaining(acknowledged));
  expect(acknowledged.length).toBeGreaterThan(0);

  const last = (await call("GET", "/acme/operations")).body.operations.at(-1);
  expect(await ended(last)).toMatchObject({ kind: "clean-up", region: acme.dr_region, state: "done" });
  expect([await instancesIn(regions.east), await instancesIn(regions.west)]).toEqual([1, 0]);
  expect([await boundIn(regions.east), await boundIn(regions.west)]).toEqual(["20", undefined]);
  expect((await call("GET", "/acme")).body).toMatchObject({
    is_failed_over: false,
    active_region: acme.region,
    protection: { state: "protected" },
  });
});

/** A cluster that lives on in its second region, and is protected again by its first. */
async function protectedAgain(regions: TwoRegions, platform: PlatformUnderTest) {
  await failedOver(regions, platform);
  const cleanUp = (await platform.call("GET", "/acme/operations")).body.operations.at(-1);
  await regions.east.powerOn();
  const reconciler = platform.reconciler(acme.region);
  expect(await platform.ended(cleanUp)).toMatchObject({ kind: "clean-up", state: "done" });
  await eventually(async () => (await platform.call("GET", "/acme")).body.protection).toMatchObject({
    state: "protected",
  });
  return reconciler;
}

it("goes back with what had arrived when the survivor is lost in its turn, and is protected again when that is back", async () => {
  await using regions = await startTwoRegions();
  await using platform = await platformOn(regions);
  const { call, ended } = platform;
  const west = platform.reconciler(acme.dr_region);
  using _east = await protectedAgain(regions, platform);
  await regions.west.sql("INSERT INTO proof VALUES (1)");
  await untilReplicated({ ...regions, east: regions.west });
  await regions.west.powerOff();
  west[Symbol.dispose]();

  const asFailback = await call("PATCH", "/acme", { is_failed_over: false });
  expect(asFailback).toMatchObject({ status: 503, body: { type: "/problems/database-unknown" } });
  expect(asFailback.body.detail).toContain("ask with allow_data_loss");
  const { operation } = (await call("PATCH", "/acme", { is_failed_over: false, allow_data_loss: true })).body;
  expect(await ended(operation)).toMatchObject({ kind: "failover", region: acme.region, state: "done" });
  expect(await regions.east.sql("INSERT INTO proof VALUES (2) RETURNING (SELECT max(seq) FROM proof)")).toEqual([
    { max: 1 },
  ]);
  expect((await call("GET", "/acme")).body).toMatchObject({ is_failed_over: false, active_region: acme.region });

  const cleanUp = (await call("GET", "/acme/operations")).body.operations.at(-1);
  expect(cleanUp).toMatchObject({ kind: "clean-up", region: acme.dr_region, state: "running" });
  await regions.west.powerOn();
  using _west = platform.reconciler(acme.dr_region);
  expect(await ended(cleanUp)).toMatchObject({ state: "done" });
  await expect(regions.west.sql("INSERT INTO proof VALUES (0)")).rejects.toThrow();
  expect([await instancesIn(regions.east), await instancesIn(regions.west)]).toEqual([1, 0]);
  expect([await boundIn(regions.east), await boundIn(regions.west)]).toEqual(["20", undefined]);
  expect((await call("GET", "/acme")).body.protection).toMatchObject({ state: "protected" });
});

it("takes the place of a failback whose region is lost before the databases change places", async () => {
  await using regions = await startTwoRegions();
  await using platform = await platformOn(regions);
  const { call, ended } = platform;
  const west = platform.reconciler(acme.dr_region);
  using _east = await protectedAgain(regions, platform);
  const { operation: failback } = (await call("PATCH", "/acme", { is_failed_over: false })).body;
  await regions.west.powerOff();
  west[Symbol.dispose]();
  const isWaiting = async () => (await call("GET", `/acme/operations/${failback.id}`)).body.steps[1];
  await eventually(isWaiting).toMatchObject({ state: "running", detail: expect.stringContaining("asked again") });

  const again = await call("PATCH", "/acme", { is_failed_over: false });
  expect(again).toMatchObject({ status: 409, body: { type: "/problems/operation-running" } });
  const { operation } = (await call("PATCH", "/acme", { is_failed_over: false, allow_data_loss: true })).body;
  expect(await ended(operation)).toMatchObject({ kind: "failover", region: acme.region, state: "done" });
  expect((await call("GET", `/acme/operations/${failback.id}`)).body).toMatchObject({
    state: "failed",
    error: expect.stringContaining("stopped, because failover"),
  });
  await regions.east.sql("INSERT INTO proof VALUES (1)");
});

it("gives up a region that never returns, and says where another second region could be", async () => {
  await using regions = await startTwoRegions();
  await using platform = await platformOn(regions);
  const { call, ended } = platform;
  using _west = platform.reconciler(acme.dr_region);
  await failedOver(regions, platform);
  const before = (await call("GET", "/acme/manifests/us-west-2")).body.objects;
  const { operation } = (await call("DELETE", `/acme/regions/${acme.region}`)).body;
  expect(await ended(operation)).toMatchObject({ kind: "abandon-region", state: "done" });
  expect((await call("GET", "/acme")).body).toMatchObject({
    region: acme.dr_region,
    dr_region: null,
    is_failed_over: false,
    active_region: acme.dr_region,
    protection: { state: "unprotected" },
    secondary_candidates: [],
  });
  const { GlobalClusters } = await regions.west.rds.send(new DescribeGlobalClustersCommand());
  expect(GlobalClusters?.[0]?.GlobalClusterMembers).toHaveLength(1);
  await regions.west.sql("INSERT INTO proof VALUES (1)");
  // Nothing that runs was touched: the objects are the same to the letter.
  expect((await call("GET", "/acme/manifests/us-west-2")).body.objects).toEqual(before);
  const stopped = (await call("GET", "/acme/operations")).body.operations.filter(
    ({ kind }: { kind: string }) => kind === "clean-up",
  );
  expect(stopped).toMatchObject([{ state: "failed", error: expect.stringContaining("abandon-region") }]);
});
