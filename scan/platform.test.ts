import { describe, expect, it } from "vitest";
import type { Cluster } from "../platform/cluster.ts";
import { type RenderOptions, renderManifest } from "../platform/manifests/render.ts";
import { acme, renderOptions } from "../platform/testing/cluster.ts";
import { scanOf } from "./testing.ts";

const config = {
  places: [
    { variant: "primary", region: "us-east-2" },
    { variant: "dr", region: "us-west-2" },
  ],
};

/** What the scan says of the DR variant that the platform makes of a record, while us-east-2 is lost. */
function ofVariant(cluster: Cluster, options: RenderOptions = renderOptions): string[] {
  const body = renderManifest(cluster, [{ name: "dep-01", maxActiveTasks: 15 }], "dr", options)?.body ?? "";
  expect(body).not.toBe("");
  return scanOf({ "dr.json": body }, { config }).findings.map(({ message }) => message);
}

/** The record with something of the lost region in the survivor's place. */
function planted(defect: Readonly<Record<string, string>>): Cluster {
  const { resources } = acme;
  if (resources === undefined || resources === null) throw new Error("the record has no resources");
  const place = resources.regions["us-west-2"];
  if (place === undefined) throw new Error("the record has no second region");
  return {
    ...acme,
    resources: { ...resources, regions: { ...resources.regions, "us-west-2": { ...place, ...defect } } },
  };
}

describe("the DR variant as the platform makes it", () => {
  it("names nothing of the lost region", () => expect(ofVariant(acme)).toEqual([]));

  it("is found out when its images come from there", () => {
    const found = ofVariant(planted({ registry: "registry.us-east-2.example" }));
    expect(found).toContain(
      "the DR variant of Deployment dep-01: registry.us-east-2.example/airflow-runtime is pulled from a registry in us-east-2 (objects…spec.containers.image)",
    );
    expect(found.length).toBeGreaterThan(8);
  });

  it("is found out when its objects, or its S3 endpoint, are there", () => {
    expect(ofVariant(planted({ bucket: "acme-logs-us-east-2" }))).toContain(
      "the DR variant of Deployment dep-01: acme-logs-us-east-2 names us-east-2 (objects…containers.env.LOG_BUCKET)",
    );
    const s3Endpoint = (): string => "https://s3.us-east-2.amazonaws.com";
    expect(ofVariant(acme, { ...renderOptions, s3Endpoint })).toEqual([
      expect.stringContaining("s3.us-east-2.amazonaws.com is a host in us-east-2"),
    ]);
  });
});
