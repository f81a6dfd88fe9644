import type { Cluster, RegionResources } from "../cluster.ts";
import type { ImageNames } from "../images.ts";

/** Which of a cluster's two regions a manifest is for. */
export type Variant = "primary" | "dr";
export const variants: readonly Variant[] = ["primary", "dr"];

/** Where something runs: in all of a cluster's regions, or only in the one where its deployments run now. */
export type Runs = "everywhere" | "where active";

/** Everything a manifest may ask about where it is: whoever writes one never asks about DR itself. */
export interface Site {
  readonly variant: Variant;
  readonly region: string;
  /** The cluster's id as metrics and logs of this site carry it. */
  readonly telemetryId: string;
  readonly resources: RegionResources;
  /** How many pods something has here. Deployments run in one region at a time, or other systems would see two. */
  replicas(runs: Runs): number;
  /** Where this site's pods get their images: the registry of its own region, and no other. */
  readonly registry: string;
}

/** The site of a variant, or undefined when the cluster has none: all that is different in DR is decided here. */
export function siteOf(cluster: Cluster, variant: Variant): Site | undefined {
  const region = variant === "primary" ? cluster.region : cluster.dr_region;
  if (region === null) return undefined;
  const resources = cluster.resources?.regions[region];
  if (resources === undefined) return undefined;
  return {
    variant,
    region,
    telemetryId: resources.telemetryId,
    resources,
    replicas: (runs) => (runs === "everywhere" || cluster.active_region === region ? 1 : 0),
    registry: resources.registry,
  };
}

/** The reference by which pods of a site pull an image of the release. */
export function imageOn({ registry }: Pick<Site, "registry">, images: ImageNames, name: string): string {
  const found = images[name];
  if (found === undefined)
    throw new Error(`no image ${name} in this release; there are ${Object.keys(images).join(", ")}`);
  return `${registry}/${found}`;
}

export function variantOf(cluster: Cluster, region: string): Variant | undefined {
  if (region === cluster.region) return "primary";
  return region === cluster.dr_region ? "dr" : undefined;
}

/** The regions in which the cluster has its place, the primary first. */
export const regionsOf = ({ region, dr_region }: Cluster): string[] =>
  dr_region === null ? [region] : [region, dr_region];
