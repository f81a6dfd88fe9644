import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject, V1Deployment } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { Cluster } from "../cluster.ts";
import { plugins } from "../plugins/index.ts";
import { acme, renderOptions as options } from "../testing/cluster.ts";
import { bootstrapManifests } from "./bootstrap.ts";
import { imageOn, siteOf, type Variant } from "./dr.ts";
import { renderManifest } from "./render.ts";

const deployments = [
  { name: "dep-01", maxActiveTasks: 15 },
  { name: "dep-02", maxActiveTasks: 3 },
];
const failedOver: Cluster = { ...acme, is_failed_over: true, active_region: "us-west-2" };
const states = [
  { state: "before a failover", cluster: acme, active: "primary" },
  { state: "failed over", cluster: failedOver, active: "dr" },
] as const;
const sites: readonly Variant[] = ["primary", "dr"];

function objects(cluster: Cluster, variant: Variant): KubernetesObject[] {
  return JSON.parse(renderManifest(cluster, deployments, variant, options)?.body ?? "{}").objects;
}
const isDeployment = (object: KubernetesObject): object is V1Deployment => object.kind === "Deployment";
const named = (cluster: Cluster, variant: Variant, name: string) => {
  const found = objects(cluster, variant)
    .filter(isDeployment)
    .find(({ metadata }) => metadata?.name === name);
  if (found === undefined) throw new Error(`no Deployment ${name}`);
  return found;
};
const running = (cluster: Cluster, variant: Variant) =>
  objects(cluster, variant)
    .filter(isDeployment)
    .filter(({ spec }) => spec?.replicas !== 0)
    .map(({ metadata }) => metadata?.name);

describe("manifests", () => {
  describe.each(states)("$state", ({ state, cluster, active }) => {
    it.each(sites)("of the %s variant are as their golden file has them", async (variant) => {
      const text = stringify(objects(cluster, variant), { aliasDuplicateObjects: false, lineWidth: 0 });
      await expect(text).toMatchFileSnapshot(`golden/${variant}, ${state}.yaml`);
    });

    it("run deployments and what needs their database where the cluster is active, and everything else everywhere", () => {
      const everywhere = plugins.filter(({ runs }) => runs === "everywhere").map(({ name }) => name);
      for (const variant of sites) {
        const here = plugins.map(({ name }) => name).filter((name) => variant === active || everywhere.includes(name));
        expect(running(cluster, variant)).toEqual([...here, ...(variant === active ? ["dep-01", "dep-02"] : [])]);
      }
    });
  });

  it("have the same objects in both variants and states", () => {
    const names = (cluster: Cluster, variant: Variant) =>
      objects(cluster, variant).map(({ kind, metadata }) => `${kind} ${metadata?.name}`);
    const expected = names(acme, "primary");
    expect(names(acme, "dr")).toEqual(expected);
    expect(names(failedOver, "primary")).toEqual(expected);
    expect(names(failedOver, "dr")).toEqual(expected);
  });

  it("differ by nothing but replicas between the two states of one variant", () => {
    const still = (cluster: Cluster, variant: Variant) =>
      JSON.stringify(objects(cluster, variant)).replaceAll(/("airflow.platform\/replicas":"|"replicas":)\d/g, "$1?");
    for (const variant of sites) expect(still(failedOver, variant)).toEqual(still(acme, variant));
  });

  it("pull images from their own region's registry, by digest", () => {
    const images = (variant: Variant) =>
      objects(acme, variant)
        .filter(isDeployment)
        .map(({ spec }) => spec?.template.spec?.containers[0]?.image ?? "none");
    for (const image of images("primary")) expect(image).toMatch(/^registry\.us-east-2\.example\/[\w-]+@sha256:/);
    for (const image of images("dr")) expect(image).toMatch(/^registry\.us-west-2\.example\/[\w-]+@sha256:/);
    expect(() => renderManifest(acme, deployments, "dr", { ...options, images: {} })).toThrow(
      /no image airflow-runtime/,
    );
  });

  it("give each variant what its own region has, and nothing of the other's", () => {
    expect(renderManifest(acme, deployments, "primary", options)?.body).not.toContain("us-west-2");
    expect(renderManifest(failedOver, deployments, "dr", options)?.body).not.toContain("us-east-2");
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

  it("have the reconciler as the bootstrap made it, so that the first manifest does not start it anew", () => {
    const image = imageOn({ registry: "registry.us-west-2.example" }, options.images, "reconciler");
    const controlPlane = { url: "http://control.example", token: "key" };
    const made = bootstrapManifests({ cluster: "acme", region: "us-west-2", image, controlPlane });
    expect(made.map(({ kind }) => kind)).toEqual(["Namespace", "Secret", "Deployment"]);
    expect(made.find(isDeployment)).toEqual(named(acme, "dr", "reconciler"));
  });
});

describe("the question of DR", () => {
  const root = join(import.meta.dirname, "..");
  const asks = /dr_region|active_region|is_failed_over|failed.?over|"dr"|"primary"|\bvariant ===|\bstandby\b/i;
  const sources = ["manifests", "plugins", "reconciler"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map((file) => `${folder}/${file}`),
  );

  it("is asked in one module only", () => {
    expect(sources.filter((file) => asks.test(readFileSync(join(root, file), "utf8")))).toEqual(["manifests/dr.ts"]);
  });

  it("would be seen elsewhere", () => {
    expect("if (cluster.is_failed_over) return 0;").toMatch(asks);
    expect("replicas: failedOver ? 1 : 0").toMatch(asks);
    expect(sources.length).toBeGreaterThan(10);
  });
});
