import { createHash } from "node:crypto";
import type { KubernetesObject } from "@kubernetes/client-node";
import type { Cluster, Deployment } from "../cluster.ts";
import { deploymentManifests } from "./deployment.ts";
import { siteOf, type Variant } from "./dr.ts";

export interface RenderOptions {
  readonly image: string;
  readonly hostedZone: string;
  readonly s3Endpoint: (region: string) => string | undefined;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** All objects of one variant, as the reconciler there fetches them. */
export interface Manifest {
  readonly variant: Variant;
  readonly objects: readonly KubernetesObject[];
}
/** A manifest as it is stored: its text, and a tag that changes with it. */
export interface Blob {
  readonly etag: string;
  readonly body: string;
}

/** The variant's blob, or undefined when the cluster has no such site. Same record and deployments: same blob. */
export function renderManifest(
  cluster: Cluster,
  deployments: readonly Deployment[],
  variant: Variant,
  { image, hostedZone, s3Endpoint, credentials }: RenderOptions,
): Blob | undefined {
  const site = siteOf(cluster, variant);
  if (site === undefined) return undefined;
  const context = { cluster, site, image, hostedZone, s3Endpoint: s3Endpoint(site.region), credentials };
  const objects = deployments.flatMap((deployment) => deploymentManifests(deployment, context));
  const manifest: Manifest = { variant, objects };
  const body = JSON.stringify(manifest);
  return { etag: `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`, body };
}
