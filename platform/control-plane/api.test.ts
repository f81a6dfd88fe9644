import type { KubernetesObject } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkNames } from "../health/check.ts";
import { deploymentLabel } from "../manifests/labels.ts";
import { type CalledApi, startApi } from "../testing/api.ts";
import { awsError } from "../testing/aws.ts";
import { Secondary } from "../testing/secondary.ts";
import { standing } from "../testing/standing.ts";

let api: CalledApi;
let secondary: Secondary;
/** An operation that AWS refuses. */
let refused: string | undefined;

beforeEach(async () => {
  secondary = new Secondary();
  refused = undefined;
  api = await startApi((call) => {
    if (call.operation === refused) throw awsError("AccessDenied", `not authorized to perform ${refused}`);
    return standing(secondary)(call);
  });
});
afterEach(() => api[Symbol.asyncDispose]());

const call: CalledApi["call"] = (...asked) => api.call(...asked);
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
    expect((await call("GET", "/v1/clusters/acme/manifests/us-west-2")).status).toBe(404);
    const { status, body } = await call("PATCH", "/v1/clusters/acme", { dr_region: "us-west-2" });
    expect(status).toBe(202);
    expect(await ended(body.operation)).toMatchObject({ kind: "enable-dr", state: "done" });
    expect((await call("GET", "/v1/clusters/acme/manifests/us-west-2")).status).toBe(200);
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
    const { etag } = await call("GET", "/v1/clusters/acme/manifests/us-west-2");
    const known = { "if-none-match": etag ?? "" };
    expect((await call("GET", "/v1/clusters/acme/manifests/us-west-2", undefined, known)).status).toBe(304);
    const waiting = call("GET", "/v1/clusters/acme/manifests/us-west-2", undefined, { ...known, prefer: "wait=20" });
    await call("POST", "/v1/clusters/acme/deployments", { deployments: [{ name: "dep-01" }] });
    const changed = await waiting;
    expect(changed.status).toBe(200);
    const ofDeployment = ({ metadata }: KubernetesObject) => metadata?.labels?.[deploymentLabel] === "dep-01";
    expect(changed.body.objects.filter(ofDeployment)).toHaveLength(4);
  });

  it("are open to the cluster's own key, and nothing else is", async () => {
    await create();
    const { body } = await call("GET", "/v1/clusters/acme/keys");
    const key = { authorization: `Bearer ${body.reconciler}` };
    expect((await call("GET", "/v1/clusters/acme/manifests/us-west-2", undefined, key)).status).toBe(200);
    for (const path of ["/v1/clusters/acme", "/v1/clusters/acme/keys", "/v1/clusters/other/manifests/us-west-2"]) {
      const { status, body } = await call("GET", path, undefined, key);
      expect({ path, status, type: body.type }).toEqual({ path, status: 403, type: "/problems/forbidden" });
      expect(body.detail).toContain("the key of cluster acme is for its reconcilers");
    }
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
    await api.restart();
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
    for (const region of ["us-east-2", "us-west-2"]) {
      const { etag: applied } = await call("GET", `/v1/clusters/acme/manifests/${region}`);
      const report = { region, applied, deployments: [] };
      expect((await call("POST", "/v1/clusters/acme/reports", report)).status).toBe(204);
      const checks = checkNames.map((name) => ({ name, ok: true, detail: "fine" }));
      expect((await call("POST", "/v1/clusters/acme/reports", { region, checks })).status).toBe(204);
    }
    expect((await call("GET", "/v1/clusters/acme/health")).body.worst).toBe("healthy");
  });
});
