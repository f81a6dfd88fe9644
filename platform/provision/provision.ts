import type { Aws } from "../aws/clients.ts";
import type { Cluster, Deployment, RegionResources, Resources } from "../cluster.ts";
import { converge, type Patience } from "../converge.ts";
import type { ResolveAlias } from "../dns-switch.ts";
import {
  bucketName,
  databaseClusterName,
  deploymentRecordName,
  eksClusterName,
  globalClusterName,
  imageBucketName,
  ingressRecordName,
  proxyBucketName,
  stackName,
} from "../names.ts";
import { ensureBuckets, replicateBothWays } from "./buckets.ts";
import { type DatabasePlace, provisionDatabases } from "./databases.ts";
import { provisionIngress } from "./ingress.ts";
import { ensureRoles } from "./roles.ts";
import { ensureRecords } from "./zone.ts";

export interface ProvisionOptions {
  readonly aws: Aws;
  readonly hostedZone: string;
  /** DNS name of the region's ingress, which stands before any cluster does. */
  readonly loadBalancer: (region: string) => string;
  /** Where a region's APIs are, when not at AWS's own addresses. */
  readonly endpoint: (region: string) => string | undefined;
  readonly resolveAlias: ResolveAlias;
  /** The region's registry, likewise. */
  readonly registry: (region: string) => string;
  readonly engineVersion: string;
  readonly instanceClass: string;
  /** `rds.global_db_rpo` of the primary; null leaves it off. */
  readonly lossBoundSeconds: number | null;
  readonly ingressTtlSeconds: number;
  readonly deploymentTtlSeconds: number;
  readonly patience: Patience;
}

/** Makes everything a cluster needs, in both regions when it has a second. May be run again from the top at any time. */
export async function provision(cluster: Cluster, options: ProvisionOptions): Promise<Resources> {
  const { id, region, dr_region } = cluster;
  const regions = dr_region === null ? [region] : [region, dr_region];
  const ingressName = ingressRecordName(id, options.hostedZone);
  const [databases, ingress] = await Promise.all([
    provisionDatabases(cluster, options),
    provisionIngress(cluster, ingressName, options),
    provisionStorage(cluster, options),
  ]);
  const place = (name: string, database: DatabasePlace): RegionResources => ({
    ...database,
    telemetryId: telemetryIdIn(name, cluster),
    databaseCluster: databaseClusterName(id, name),
    stack: stackName(id),
    bucket: bucketName(id, name),
    imageBucket: imageBucketName(id, name),
    proxyBucket: proxyBucketName(id, name),
    registry: options.registry(name),
    loadBalancer: options.loadBalancer(name),
    eksCluster: eksClusterName(id, name),
  });
  return {
    globalCluster: globalClusterName(id),
    ...ingress,
    ingressName,
    regions: Object.fromEntries(
      databases.map((database, index) => [regions[index], place(regions[index] ?? "", database)]),
    ),
  };
}

/** What the region is called already; a new one is called what the other is not. */
function telemetryIdIn(name: string, { id, region, resources }: Cluster): string {
  const known = resources?.regions[name]?.telemetryId;
  if (known !== undefined) return known;
  const primary = resources?.regions[region]?.telemetryId ?? id;
  return name === region || primary !== id ? id : `${id}-dr`;
}

/** Every deployment's name leads to the one ingress record, so that a failover changes one record and not one per deployment. */
export async function provisionNames(
  { hostedZoneId, ingressName }: Resources,
  deployments: readonly Deployment[],
  { aws, hostedZone, deploymentTtlSeconds, patience }: ProvisionOptions,
): Promise<void> {
  const records = deployments.map(({ name }) => ({
    name: deploymentRecordName(name, hostedZone),
    target: ingressName,
    ttlSeconds: deploymentTtlSeconds,
  }));
  await ensureRecords(aws.route53(), hostedZoneId, records, patience);
}

async function provisionStorage(
  { id, region, dr_region }: Cluster,
  { aws, patience }: ProvisionOptions,
): Promise<void> {
  const regions = dr_region === null ? [region] : [region, dr_region];
  await converge(
    `roles and buckets of ${id}`,
    async () => {
      const [roleArn] = await Promise.all([ensureRoles(aws.iam(), id, regions), ensureBuckets(aws, id, regions)]);
      if (dr_region !== null) await replicateBothWays(aws, id, [region, dr_region], roleArn);
      return { done: true, detail: "made" };
    },
    patience,
  );
}
