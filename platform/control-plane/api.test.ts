import type { KubernetesObject } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkNames } from "../health/check.ts";
import { deploymentLabel } from "../manifests/labels.ts";
import { type CalledApi, startApi } from "../testing/api.ts";
import { type AwsCall, awsError } from "../testing/aws.ts";
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

describe("a cluster whose name is switched by a health check", () => {
  const switched = { dns_strategy: "health-check", standby_compute: "warm" };

  it("has its pair, its switch and its warm standby before anything goes wrong", async () => {
    const calls: AwsCall[] = [];
    await using plane = await startApi(
      (asked) => {
        calls.push(asked);
        return standing(secondary)(asked);
      },
      { resolveAlias: secondary.resolveAlias },
    );
    const body = { name: "acme", region: "us-east-2", dr_region: "us-west-2", ...switched };
    const made = await plane.call("POST", "/v1/clusters", body);
    const dnsSwitch = {
      region: "us-west-2",
      bucket: "acme-switch-us-west-2",
      key: "second-region-serves",
      healthCheckId: "check of acme-switch-us-west-2",
    };
    expect(made.body).toMatchObject({ state: "active", ...switched, resources: { dnsSwitch } });
    const name = "ingress.acme.airflow.example";
    expect(secondary.zone.secondaries.get(name)).toBe("ingress.us-west-2.elb.example");
    expect(secondary.zone.targets.get(name)).toBe("ingress.us-east-2.airflow.example");
    const of = (operation: string) => calls.filter((each) => each.operation === operation).map(({ input }) => input);
    expect(of("CreateHealthCheck")[0]).toMatchObject({
      HealthCheckConfig: {
        Type: "HTTPS",
        FullyQualifiedDomainName: "acme-switch-us-west-2.s3.us-west-2.amazonaws.com",
        ResourcePath: "/second-region-serves",
        Inverted: true,
        Regions: expect.not.arrayContaining(["us-west-2", "us-east-1"]),
      },
    });
    expect(JSON.parse(String(of("PutBucketPolicy")[0]?.["Policy"])).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::acme-switch-us-west-2/second-region-serves",
      },
    ]);
    expect(of("DeleteObject")).toEqual([{ Bucket: dnsSwitch.bucket, Key: dnsSwitch.key }]);
  });

  it("is made only when the name servers lead to its primary: a new inverted check says the contrary at first", async () => {
    let led = "ingress.us-west-2.elb.example";
    await using plane = await startApi(standing(secondary), { resolveAlias: async () => led });
    const body = { name: "acme", region: "us-east-2", dr_region: "us-west-2", ...switched };
    const failed = await plane.call("POST", "/v1/clusters", body);
    expect(failed.body.state).toBe("failed");
    led = "ingress.us-east-2.airflow.example";
    expect((await plane.call("POST", "/v1/clusters", body)).body.state).toBe("active");
  });

  it("gets its switch with its second region", async () => {
    await using plane = await startApi(standing(secondary), { resolveAlias: secondary.resolveAlias });
    await plane.call("POST", "/v1/clusters", { name: "acme", region: "us-east-2", dns_strategy: "health-check" });
    expect((await plane.call("GET", "/v1/clusters/acme")).body.resources.dnsSwitch).toBeNull();
    const { body } = await plane.call("PATCH", "/v1/clusters/acme", { dr_region: "us-west-2" });
    await expect
      .poll(async () => (await plane.call("GET", `/v1/clusters/acme/operations/${body.operation.id}`)).body.state)
      .toBe("done");
    const { resources } = (await plane.call("GET", "/v1/clusters/acme")).body;
    expect(resources.dnsSwitch).toMatchObject({ region: "us-west-2" });
    expect(secondary.zone.secondaries.get("ingress.acme.airflow.example")).toBe("ingress.us-west-2.elb.example");
  });

  it("becomes one later, and is none again, while its users stay where they are", async () => {
    const tried: string[] = [];
    const resolveAlias = (asked: string) => {
      if (!secondary.zone.secondaries.has("ingress.acme.airflow.example")) tried.push(asked);
      return secondary.resolveAlias(asked);
    };
    await using plane = await startApi(standing(secondary), { resolveAlias });
    await plane.call("POST", "/v1/clusters", { name: "acme", region: "us-east-2", dr_region: "us-west-2" });
    const change = async (wanted: object) => {
      const { body } = await plane.call("PATCH", "/v1/clusters/acme", wanted);
      const read = async () => (await plane.call("GET", `/v1/clusters/acme/operations/${body.operation.id}`)).body;
      await expect.poll(async () => (await read()).state, { interval: 5 }).not.toBe("running");
      return { ...(await read()), cluster: (await plane.call("GET", "/v1/clusters/acme")).body };
    };
    const name = "ingress.acme.airflow.example";
    const there = await change({ dns_strategy: "health-check" });
    expect(there).toMatchObject({
      kind: "dns-strategy",
      state: "done",
      cluster: { dns_strategy: "health-check", resources: { dnsSwitch: { region: "us-west-2" } } },
    });
    expect(secondary.zone.secondaries.get(name)).toBe("ingress.us-west-2.elb.example");
    // The new check was seen to say the right thing before anybody followed it, under a name that is gone again.
    expect(tried).toEqual([`trial.${name}`]);
    expect([...secondary.zone.targets.keys()]).not.toContain(`trial.${name}`);
    const back = await change({ dns_strategy: "move-record" });
    expect(back).toMatchObject({
      state: "done",
      cluster: { dns_strategy: "move-record", resources: { dnsSwitch: null } },
    });
    expect([secondary.zone.targets.get(name), secondary.zone.secondaries.get(name)]).toEqual([
      "ingress.us-east-2.airflow.example",
      undefined,
    ]);
    const warm = await change({ standby_compute: "warm" });
    expect(warm).toMatchObject({ kind: "standby-compute", state: "done", cluster: { standby_compute: "warm" } });
    expect(secondary.end.compute).toEqual(["us-east-2", "us-west-2"]);
    expect(await change({ standby_compute: "headless" })).toMatchObject({ state: "done" });
    expect(secondary.end.compute).toEqual(["us-east-2"]);
  });

  it("stays one that can be moved when it cannot be made", async () => {
    await using plane = await startApi(standing(secondary), { resolveAlias: async () => "nowhere.example" });
    await plane.call("POST", "/v1/clusters", { name: "acme", region: "us-east-2", dr_region: "us-west-2" });
    const { body } = await plane.call("PATCH", "/v1/clusters/acme", { dns_strategy: "health-check" });
    const read = async () => (await plane.call("GET", `/v1/clusters/acme/operations/${body.operation.id}`)).body;
    await expect.poll(async () => (await read()).state, { timeout: 3_000 }).toBe("failed");
    expect((await read()).error).toContain("it is answered with nowhere.example");
    expect(secondary.zone.secondaries.has("ingress.acme.airflow.example")).toBe(false);
    expect((await plane.call("GET", "/v1/clusters/acme")).body).toMatchObject({
      dns_strategy: "move-record",
      resources: { dnsSwitch: null },
    });
  });

  it("is not waited for by a failover, which moves the record", async () => {
    await using plane = await startApi(standing(secondary), { resolveAlias: async () => "nowhere.example" });
    await plane.call("POST", "/v1/clusters", { name: "acme", region: "us-east-2", dr_region: "us-west-2" });
    const { body: asked } = await plane.call("PATCH", "/v1/clusters/acme", { dns_strategy: "health-check" });
    expect((await plane.call("PATCH", "/v1/clusters/acme", { is_failed_over: true })).status).toBe(202);
    const { body } = await plane.call("GET", `/v1/clusters/acme/operations/${asked.operation.id}`);
    expect(body).toMatchObject({ state: "failed", error: expect.stringContaining("stopped, because failover") });
    expect((await plane.call("GET", "/v1/clusters/acme")).body.resources.dnsSwitch).toBeNull();
  });

  it("is refused to a cluster without a second region", async () => {
    await create({ dr_region: null });
    for (const wanted of [{ dns_strategy: "health-check" }, { standby_compute: "warm" }]) {
      expect(await call("PATCH", "/v1/clusters/acme", wanted)).toMatchObject({
        status: 409,
        body: { type: "/problems/no-dr" },
      });
    }
  });

  it("is not what a platform makes unless it is told", async () => {
    expect((await create()).body).toMatchObject({
      dns_strategy: "move-record",
      standby_compute: "headless",
      resources: { dnsSwitch: null },
    });
    expect(secondary.zone.secondaries.size).toBe(0);
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
