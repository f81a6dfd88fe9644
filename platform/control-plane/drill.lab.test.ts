import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
} from "@aws-sdk/client-rds";
import { expect, it } from "vitest";
import { master, startTwoRegions, type TwoRegions } from "../../fixtures/lab/aurora/testing.ts";
import type { Aws } from "../aws/clients.ts";
import { platformConfig } from "../settings.ts";
import { answeredAws } from "../testing/aws.ts";
import { Secondary } from "../testing/secondary.ts";
import { standing } from "../testing/standing.ts";
import { startControlPlane } from "./start.ts";

/** Databases and stacks of the two regions, all else in memory. */
function awsOn(regions: TwoRegions): Aws {
  const others = answeredAws(standing(new Secondary()));
  const at = (region: string) => (region === "us-east-2" ? regions.east : regions.west);
  return { ...others, rds: (region) => at(region).rds, cloudFormation: (region) => at(region).cloudformation };
}

async function controlPlaneOn(regions: TwoRegions) {
  await using stack = new AsyncDisposableStack();
  const stateDir = mkdtempSync(join(tmpdir(), "control-plane-"));
  stack.defer(() => rmSync(stateDir, { recursive: true }));
  const config = platformConfig.parse({
    listen: { host: "127.0.0.1", port: 0 },
    token: "token",
    stateDir,
    aws: { "us-east-2": {}, "us-west-2": { loadBalancer: "ingress.us-west-2.elb.example" } },
    hostedZone: "airflow.example",
    pollEveryMs: 20,
    callWithinMs: 2_000,
    stepWithinMs: 20_000,
  });
  const controlPlane = stack.use(await startControlPlane(config, awsOn(regions)));
  const call = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: "Bearer token" };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const reply = await fetch(`${controlPlane.url}/v1/clusters${path}`, { method, headers, ...sent });
    const text = await reply.text();
    // biome-ignore lint/suspicious/noExplicitAny: the test reads whatever the API says
    return { etag: reply.headers.get("etag"), body: (text === "" ? undefined : JSON.parse(text)) as any };
  };
  const owned = stack.move();
  return { call, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const acme = {
  name: "acme",
  region: "us-east-2",
  dr_region: "us-west-2",
  database: { user: master.MasterUsername, password: master.MasterUserPassword },
};

it("provisions a global database with a headless secondary, and finds all of it when it is asked again", async () => {
  await using regions = await startTwoRegions();
  for (const _ of ["made", "found"]) {
    await using controlPlane = await controlPlaneOn(regions);
    const { body } = await controlPlane.call("POST", "", acme);
    expect(body.state).toBe("active");
  }
  const { GlobalClusters } = await regions.west.rds.send(new DescribeGlobalClustersCommand());
  expect(GlobalClusters).toHaveLength(1);
  expect(GlobalClusters?.[0]?.GlobalClusterMembers?.map(({ IsWriter }) => IsWriter)).toEqual([true, false]);
  const { DBClusters } = await regions.west.rds.send(new DescribeDBClustersCommand());
  expect(DBClusters?.map(({ DBClusterMembers = [] }) => DBClusterMembers.length)).toEqual([0]);
  const asked = new DescribeDBClusterParametersCommand({ DBClusterParameterGroupName: "acme-primary", Source: "user" });
  const { Parameters } = await regions.east.rds.send(asked);
  expect(Parameters).toContainEqual(
    expect.objectContaining({ ParameterName: "rds.global_db_rpo", ParameterValue: "20" }),
  );
});

it("fails over to the survivor when the primary region is gone", async () => {
  await using regions = await startTwoRegions();
  await using controlPlane = await controlPlaneOn(regions);
  const { call } = controlPlane;
  await call("POST", "", acme);
  await call("POST", "/acme/deployments", { deployments: [{ name: "dep-01" }] });
  const { etag: resting } = await call("GET", "/acme/manifests/us-west-2");

  await regions.east.powerOff();
  const { operation } = (await call("PATCH", "/acme", { is_failed_over: true })).body;
  // This test is the reconciler: the manifests may change only once the database takes writes.
  await expect
    .poll(async () => (await call("GET", "/acme/manifests/us-west-2")).etag, { interval: 20, timeout: 20_000 })
    .not.toBe(resting);
  await regions.west.sql("CREATE TABLE proof (at timestamptz)");
  const { etag: applied } = await call("GET", "/acme/manifests/us-west-2");
  await call("POST", "/acme/reports", {
    region: "us-west-2",
    applied,
    deployments: [{ name: "dep-01", ready: true }],
  });
  await expect
    .poll(async () => (await call("GET", `/acme/operations/${operation.id}`)).body.state, {
      interval: 20,
      timeout: 20_000,
    })
    .not.toBe("running");
  expect((await call("GET", `/acme/operations/${operation.id}`)).body).toMatchObject({
    state: "done",
    steps: [
      { name: "database-compute", state: "done" },
      { name: "database-failover", state: "done" },
      { name: "manifests", state: "done", detail: "1 of 1 deployments ready" },
      { name: "dns", state: "done" },
    ],
  });
  expect((await call("GET", "/acme")).body).toMatchObject({ is_failed_over: true, active_region: "us-west-2" });
});
