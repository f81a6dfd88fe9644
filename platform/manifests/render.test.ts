import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject, V1Deployment } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import type { Cluster } from "../cluster.ts";
import { acme } from "../testing/cluster.ts";
import { siteOf, type Variant } from "./dr.ts";
import { renderManifest } from "./render.ts";

const deployments = [
  { name: "dep-01", maxActiveTasks: 15 },
  { name: "dep-02", maxActiveTasks: 3 },
];
const options = { image: "airflow-runtime@sha256:0", hostedZone: "airflow.example", s3Endpoint: () => undefined };
const failedOver: Cluster = { ...acme, is_failed_over: true, active_region: "us-west-2" };

function objects(cluster: Cluster, variant: Variant): KubernetesObject[] {
  return JSON.parse(renderManifest(cluster, deployments, variant, options)?.body ?? "{}").objects;
}
function deploymentIn(cluster: Cluster, variant: Variant): V1Deployment {
  const found = objects(cluster, variant).find(({ kind }) => kind === "Deployment");
  if (found === undefined) throw new Error("no Deployment");
  return found;
}
const environment = (deployment: V1Deployment) =>
  Object.fromEntries(deployment.spec?.template.spec?.containers[0]?.env?.map(({ name, value }) => [name, value]) ?? []);

describe("manifests", () => {
  it.each([
    { state: "before a failover", cluster: acme, primary: 1, dr: 0 },
    { state: "failed over", cluster: failedOver, primary: 0, dr: 1 },
  ])("run deployments in one region at a time, $state", ({ cluster, primary, dr }) => {
    expect(deploymentIn(cluster, "primary").spec?.replicas).toBe(primary);
    expect(deploymentIn(cluster, "dr").spec?.replicas).toBe(dr);
  });

  it("have the same objects in both variants and states", () => {
    const kinds = (cluster: Cluster, variant: Variant) =>
      objects(cluster, variant).map(({ kind, metadata }) => `${kind} ${metadata?.name}`);
    const expected = ["dep-01", "dep-02"].flatMap((name) =>
      ["Namespace", "Service", "Ingress", "Deployment"].map((kind) => `${kind} ${name}`),
    );
    for (const cluster of [acme, failedOver]) {
      expect(kinds(cluster, "primary")).toEqual(expected);
      expect(kinds(cluster, "dr")).toEqual(expected);
    }
  });

  it("differ by nothing but replicas between the two states of one variant", () => {
    const before = deploymentIn(acme, "dr");
    const after = deploymentIn(failedOver, "dr");
    expect({ ...after, spec: { ...after.spec, replicas: 0 } }).toEqual(before);
  });

  it("give each variant what its own region has, and nothing of the other's", () => {
    expect(environment(deploymentIn(acme, "primary"))).toMatchObject({
      AWS_REGION: "us-east-2",
      LOG_BUCKET: "acme-logs-us-east-2",
      DATABASE_URL: "postgres://airflow:secret%2Fword@acme.us-east-2.rds.example:5432/airflow",
      CLUSTER_ID: "acme",
    });
    expect(environment(deploymentIn(acme, "dr"))).toMatchObject({
      AWS_REGION: "us-west-2",
      LOG_BUCKET: "acme-logs-us-west-2",
      DATABASE_URL: "postgres://airflow:secret%2Fword@acme.us-west-2.rds.example:5432/airflow",
      CLUSTER_ID: "acme-dr",
    });
    expect(renderManifest(failedOver, deployments, "dr", options)?.body).not.toContain("us-east-2");
  });

  it("look like this", () => {
    const [namespace, service, ingress, deployment] = objects(acme, "primary");
    const labels = {
      "app.kubernetes.io/name": "airflow",
      "app.kubernetes.io/managed-by": "reconciler",
      "airflow.platform/cluster": "acme",
      "airflow.platform/deployment": "dep-01",
    };
    const metadata = { name: "dep-01", namespace: "dep-01", labels };
    expect(namespace).toEqual({ apiVersion: "v1", kind: "Namespace", metadata: { name: "dep-01", labels } });
    expect(service).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        selector: { "airflow.platform/deployment": "dep-01" },
        ports: [{ name: "http", port: 8080, targetPort: 8080 }],
      },
    });
    expect(ingress).toMatchObject({ metadata, spec: { rules: [{ host: "dep-01.airflow.example" }] } });
    expect(deployment).toMatchObject({
      metadata,
      spec: {
        replicas: 1,
        strategy: { type: "Recreate" },
        template: {
          spec: { containers: [{ image: "airflow-runtime@sha256:0", resources: { requests: { cpu: "500m" } } }] },
        },
      },
    });
    expect(environment(deployment as V1Deployment)).toMatchObject({
      DATABASE_SCHEMA: "dep_01",
      MAX_ACTIVE_TASKS: "15",
    });
  });

  it("are the same blob for the same record, and another tag for another", () => {
    const tag = (cluster: Cluster) => renderManifest(cluster, deployments, "dr", options)?.etag;
    expect(tag(acme)).toBe(tag(structuredClone(acme)));
    expect(tag(acme)).not.toBe(tag(failedOver));
  });

  it("have no DR variant without a second region", () => {
    expect(siteOf({ ...acme, dr_region: null }, "dr")).toBeUndefined();
    expect(renderManifest({ ...acme, dr_region: null }, deployments, "dr", options)).toBeUndefined();
  });

  it("ask about DR in one module only", () => {
    const folder = import.meta.dirname;
    const asking = readdirSync(folder)
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .filter((file) => /dr_region|active_region|is_failed_over|"dr"/.test(readFileSync(join(folder, file), "utf8")));
    expect(asking).toEqual(["dr.ts"]);
  });
});
