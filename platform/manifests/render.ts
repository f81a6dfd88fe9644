import { createHash } from "node:crypto";
import type { KubernetesObject } from "@kubernetes/client-node";
import { type Cluster, type Deployment, databaseUrl } from "../cluster.ts";
import type { ImageNames } from "../images.ts";
import { plugins } from "../plugins/index.ts";
import type { PluginSite } from "../plugins/plugin.ts";
import { deploymentManifests } from "./deployment.ts";
import { imageOn, type Site, siteOf, type Variant } from "./dr.ts";
import { pluginManifests } from "./plugin.ts";

export interface RenderOptions {
  /** What each region's own registry has, by name. */
  readonly images: ImageNames;
  readonly node: PluginSite["node"];
  readonly health: PluginSite["health"];
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
  options: RenderOptions,
): Blob | undefined {
  const site = siteOf(cluster, variant);
  if (site === undefined) return undefined;
  const { images, hostedZone, s3Endpoint, credentials } = options;
  const image = imageOn(site, images, "airflow-runtime");
  const place = pluginSite(cluster, site, options);
  const context = { cluster, site, image, hostedZone, s3Endpoint: s3Endpoint(site.region), credentials };
  // Plugins first: a deployment finds its node by them.
  const objects = [
    ...plugins.flatMap((plugin) =>
      pluginManifests(plugin, {
        site: place,
        image: imageOn(site, images, plugin.name),
        replicas: site.replicas(plugin.runs),
      }),
    ),
    ...deployments.flatMap((deployment) => deploymentManifests(deployment, context)),
  ];
  const manifest: Manifest = { variant, objects };
  const body = JSON.stringify(manifest);
  return { etag: `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`, body };
}

function pluginSite(
  cluster: Cluster,
  { region, telemetryId, resources }: Site,
  { node, health }: RenderOptions,
): PluginSite {
  return {
    cluster: cluster.id,
    region,
    telemetryId,
    resources,
    globalCluster: cluster.resources?.globalCluster ?? "",
    ingressName: cluster.resources?.ingressName ?? "",
    databaseUrl: databaseUrl(cluster.database, resources),
    node,
    health,
    plugins: plugins.map(({ name }) => name),
  };
}
