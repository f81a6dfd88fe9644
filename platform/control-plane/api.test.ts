import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { platformConfig } from "../settings.ts";
import { answeredAws, awsError } from "../testing/aws.ts";
import { Secondary } from "../testing/secondary.ts";
import { standing } from "../testing/standing.ts";
import { type ControlPlane, startControlPlane } from "./start.ts";

let stateDir: string;
let controlPlane: ControlPlane;
let secondary: Secondary;
/** An operation that AWS refuses. */
let refused: string | undefined;

const start = () =>
  startControlPlane(
    platformConfig.parse({
      listen: { host: "127.0.0.1", port: 0 },
      token: "platform-token",
      stateDir,
      aws: { "us-east-2": {}, "us-west-2": { loadBalancer: "ingress.us-west-2.elb.example" } },
      hostedZone: "airflow.example",
      pollEveryMs: 1,
      callWithinMs: 500,
      stepWithinMs: 500,
    }),
    answeredAws((call) => {
      if (call.operation === refused) throw awsError("AccessDenied", `not authorized to perform ${refused}`);
      return standing(secondary)(call);
    }),
  );

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), "control-plane-"));
  secondary = new Secondary();
  refused = undefined;
  controlPlane = await start();
});
afterEach(async () => {
  await controlPlane[Symbol.asyncDispose]();
  rmSync(stateDir, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly etag: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the API says
  readonly body: any;
}
async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const reply = await fetch(controlPlane.url + path, {
    method,
    headers: { authorization: "Bearer platform-token", ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await reply.text();
  const { headers: told, status } = reply;
  return {
    status,
    type: told.get("content-type"),
    etag: told.get("etag"),
    body: text === "" ? null : JSON.parse(text),
  };
}
const create = (change: object = {}) =>
  call("POST", "/v1/clusters", { name: "acme", region: "us-east-2", dr_region: "us-west-2", ...change });
async function ended(operation: { id: string }) {
  for (;;) {
    const { body } = await call("GET", `/v1/clusters/acme/operations/${operation.id}`);
    if (body.state !== "running") return body;
  }
}

describe("a cluster", () => {
  it("is one record with two regions, and shows no secret", async () => {
    const { status, body } = await create({ database: { password: "a-secret-password" } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: "acme",
      state: "active",
      dr_region: "us-west-2",
      is_failed_over: false,
      active_region: "us-east-2",
      resources: { globalCluster: "acme-global", ingressName: "ingress.acme.airflow.example", hostedZoneId: "Z1" },
    });
    expect(JSON.stringify(body)).not.toContain("a-secret-password");
    expect((await call("GET", "/v1/clusters/acme")).body).toEqual(body);
  });

  it("gives each deployment a name that leads to the ingress record", async () => {
    await create();
    const { status, body } = await call("POST", "/v1/clusters/acme/deployments", { deployments: [{ name: "dep-01" }] });
    expect(status).toBe(201);
    expect(body.deployments).toEqual([{ name: "dep-01", maxActiveTasks: 15 }]);
    expect(secondary.zone.targets.get("dep-01.airflow.example")).toBe("ingress.acme.airflow.example");
  });

  it("gets its second region later, when asked to", async () => {
    await create({ dr_region: null });
    expect((await call("GET", "/v1/clusters/acme/manifests/dr")).status).toBe(404);
    const { status, body } = await call("PATCH", "/v1/clusters/acme", { dr_region: "us-west-2" });
    expect(status).toBe(202);
    expect(await ended(body.operation)).toMatchObject({ kind: "enable-dr", state: "done" });
    expect((await call("GET", "/v1/clusters/acme/manifests/dr")).status).toBe(200);
  });
});

describe("a cluster that AWS refuses", () => {
  it("is failed, says why, and may be asked for again", async () => {
    refused = "PutBucketReplication";
    const { body } = await create();
    expect(body.state).toBe("failed");
    const operation = await ended({ id: body.operation });
    expect(operation.error).toMatch(/roles and buckets of acme was not reached .* not authorized to perform/);
    refused = undefined;
    expect((await create()).body.state).toBe("active");
  });

  it("a second region goes on in its first", async () => {
    await create({ dr_region: null });
    refused = "PutBucketReplication";
    const { body } = await call("PATCH", "/v1/clusters/acme", { dr_region: "us-west-2" });
    expect(await ended(body.operation)).toMatchObject({ state: "failed" });
    expect((await call("GET", "/v1/clusters/acme")).body).toMatchObject({ state: "active", dr_region: null });
  });
});

describe("manifests", () => {
  it("are answered with 304 while they are the same, and at once when they change", async () => {
    await create();
    const { etag } = await call("GET", "/v1/clusters/acme/manifests/dr");
    const known = { "if-none-match": etag ?? "" };
    expect((await call("GET", "/v1/clusters/acme/manifests/dr", undefined, known)).status).toBe(304);
    const waiting = call("GET", "/v1/clusters/acme/manifests/dr", undefined, { ...known, prefer: "wait=20" });
    await call("POST", "/v1/clusters/acme/deployments", { deployments: [{ name: "dep-01" }] });
    const changed = await waiting;
    expect(changed.status).toBe(200);
    expect(changed.body.objects).toHaveLength(4);
  });

  it("are open to the cluster's own key, and nothing else is", async () => {
    await create();
    const { body } = await call("GET", "/v1/clusters/acme/keys");
    const key = { authorization: `Bearer ${body.reconciler}` };
    expect((await call("GET", "/v1/clusters/acme/manifests/dr", undefined, key)).status).toBe(200);
    expect((await call("GET", "/v1/clusters/acme", undefined, key)).status).toBe(401);
    expect((await call("GET", "/v1/clusters/other/manifests/dr", undefined, key)).status).toBe(401);
  });
});

describe("a failover", () => {
  it("is asked for by the flag, and ends failed when its database cannot be written to; then it may be asked for again", async () => {
    await create();
    const { status, body } = await call("PATCH", "/v1/clusters/acme", { is_failed_over: true });
    expect(status).toBe(202);
    expect(body.operation).toMatchObject({ kind: "failover", state: "running" });
    expect((await call("GET", "/v1/clusters/acme")).body).toMatchObject({ is_failed_over: true });
    // Nothing listens where this cluster's database should be.
    const operation = await ended(body.operation);
    expect(operation.state).toBe("failed");
    expect(operation.error).toMatch(/^database-failover was not reached/);
    expect(operation.steps.map(({ state }: { state: string }) => state)).toEqual([
      "done",
      "failed",
      "pending",
      "pending",
    ]);
    expect((await call("PATCH", "/v1/clusters/acme", { is_failed_over: true })).status).toBe(202);
  });

  it("goes on after the control plane was stopped in the middle", async () => {
    await create();
    const { body } = await call("PATCH", "/v1/clusters/acme", { is_failed_over: true });
    await controlPlane[Symbol.asyncDispose]();
    controlPlane = await start();
    const operation = await ended(body.operation);
    expect(operation.steps[0]).toMatchObject({ name: "database-compute", state: "done" });
    expect(secondary.effects.filter((effect) => effect === "compute")).toHaveLength(1);
  });
});

describe("a report", () => {
  it("makes a region's health, and its silence too", async () => {
    await create();
    expect((await call("GET", "/v1/clusters/acme/health")).body).toMatchObject({
      primary: { region: "us-east-2", state: "unreachable" },
      secondary: { region: "us-west-2", state: "unreachable" },
      worst: "unreachable",
    });
    for (const [variant, region] of [
      ["primary", "us-east-2"],
      ["dr", "us-west-2"],
    ]) {
      const { etag: applied } = await call("GET", `/v1/clusters/acme/manifests/${variant}`);
      const report = { region, applied, deployments: [] };
      expect((await call("POST", "/v1/clusters/acme/reports", report)).status).toBe(204);
    }
    expect((await call("GET", "/v1/clusters/acme/health")).body.worst).toBe("healthy");
  });
});

describe("a request that cannot be met", () => {
  it.each([
    ["no token", 401, "unauthorized", "GET", "/v1/clusters", undefined, { authorization: "" }],
    [
      "a wrong token",
      401,
      "unauthorized",
      "GET",
      "/v1/clusters",
      undefined,
      { authorization: "Bearer platform-tokem" },
    ],
    ["an unknown path", 404, "unknown-path", "GET", "/v1/nothing", undefined, {}],
    ["an unknown cluster", 404, "unknown-cluster", "PATCH", "/v1/clusters/other", { is_failed_over: true }, {}],
    ["an unknown operation", 404, "unknown-operation", "GET", "/v1/clusters/acme/operations/other", undefined, {}],
    ["an unknown variant", 404, "unknown-variant", "GET", "/v1/clusters/acme/manifests/other", undefined, {}],
    ["a body that is no JSON", 400, "malformed-body", "PATCH", "/v1/clusters/acme", "{", {}],
    ["a body of another shape", 422, "invalid-body", "PATCH", "/v1/clusters/acme", { is_failed_over: "yes" }, {}],
    ["an unknown key", 422, "invalid-body", "PATCH", "/v1/clusters/acme", { failed_over: true }, {}],
    ["a name that is taken", 409, "cluster-exists", "POST", "/v1/clusters", { name: "acme", region: "us-east-2" }, {}],
    [
      "a region that is not offered",
      422,
      "unknown-region",
      "POST",
      "/v1/clusters",
      { name: "b", region: "mars-1" },
      {},
    ],
    [
      "the same region twice",
      422,
      "same-region",
      "POST",
      "/v1/clusters",
      { name: "b", region: "us-east-2", dr_region: "us-east-2" },
      {},
    ],
    ["a second second region", 409, "has-dr", "PATCH", "/v1/clusters/acme", { dr_region: "us-west-2" }, {}],
    ["a failback of nothing", 409, "not-failed-over", "PATCH", "/v1/clusters/acme", { is_failed_over: false }, {}],
  ])("because of %s is answered with a problem", async (_, status, code, method, path, body, headers) => {
    await create();
    const before = (await call("GET", "/v1/clusters/acme")).body;
    const answer = await call(method, path, body, headers);
    expect(answer).toMatchObject({
      status,
      type: "application/problem+json",
      body: { status, type: `/problems/${code}` },
    });
    expect(answer.body.detail.length).toBeGreaterThan(10);
    expect((await call("GET", "/v1/clusters/acme")).body).toEqual(before);
  });

  it("because there is no second region says how to get one", async () => {
    await create({ dr_region: null });
    const { status, body } = await call("PATCH", "/v1/clusters/acme", { is_failed_over: true });
    expect({ status, type: body.type }).toEqual({ status: 409, type: "/problems/no-dr" });
    expect(body.detail).toContain("set dr_region first");
  });

  it("because a failover runs says where to follow it", async () => {
    await create();
    const { body } = await call("PATCH", "/v1/clusters/acme", { is_failed_over: true });
    const again = await call("PATCH", "/v1/clusters/acme", { is_failed_over: true });
    expect(again).toMatchObject({ status: 409, body: { type: "/problems/operation-running" } });
    expect(again.body.detail).toContain(`/operations/${body.operation.id}`);
  });
});
