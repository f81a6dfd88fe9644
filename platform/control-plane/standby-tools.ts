import type { Cluster, RegionResources } from "../cluster.ts";
import { databaseInstanceName } from "../names.ts";
import type { AbandonRecord, AbandonTools } from "../orchestrator/abandon-region.ts";
import type { CleanUpRecord, CleanUpRegion, CleanUpTools } from "../orchestrator/clean-up.ts";
import type { LossBoundRecord } from "../orchestrator/loss-bound.ts";
import { lossBoundIn } from "../provision/loss-bound.ts";
import type { Context } from "./context.ts";
import { latestMove } from "./operations.ts";
import { silenceOf } from "./silence.ts";

/** The region that a cluster with DR does not live in now. */
export function inactiveRegion({ id, region, dr_region, active_region }: Cluster): string {
  if (dr_region === null) throw new Error(`cluster ${id} has no second region`);
  return active_region === region ? dr_region : region;
}

export function cleanUpRecord(context: Context, cluster: Cluster): CleanUpRecord {
  const move = latestMove(context, cluster.id);
  const { resources } = cluster;
  if (resources === null) throw new Error(`cluster ${cluster.id} has no resources`);
  return {
    cluster: cluster.id,
    globalCluster: resources.globalCluster,
    active: regionOf(cluster, cluster.active_region),
    inactive: regionOf(cluster, inactiveRegion(cluster)),
    standbyCompute: cluster.standby_compute,
    rebuiltSinceMs: move?.kind === "failover" ? (move.steps[0]?.startedMs ?? null) : null,
  };
}

export function cleanUpTools(context: Context, id: string): CleanUpTools {
  return {
    aws: context.aws,
    silence: (region) => silenceOf(context, id, region),
    lossBoundIn: (region) => {
      const cluster = context.store.cluster(id);
      if (cluster === undefined) throw new Error(`cluster ${id} is gone`);
      return lossBoundIn(region, cluster, true, context.config.globalDatabaseRpoSeconds);
    },
  };
}

/** undefined when the region is not in the record any more. */
export function abandonRecord(cluster: Cluster, region: string): AbandonRecord | undefined {
  const { id, resources, active_region } = cluster;
  const place = resources?.regions[region];
  if (resources === null || place === undefined) return undefined;
  return {
    cluster: id,
    globalCluster: resources.globalCluster,
    region,
    databaseClusterArn: place.databaseClusterArn,
    survivor: active_region,
  };
}

export function abandonTools({ aws, blobs, store }: Context, { cluster: id, region }: AbandonRecord): AbandonTools {
  return {
    aws,
    isForgotten: () => store.cluster(id)?.abandoned_regions.includes(region) ?? true,
    forget: () => {
      const cluster = store.cluster(id);
      if (cluster !== undefined) blobs.put(withoutRegion(cluster, region));
    },
  };
}

/** The record of the cluster in its active region alone, as if it had never had another. */
export function withoutRegion(cluster: Cluster, region: string): Cluster {
  const { active_region, abandoned_regions, network, resources } = cluster;
  const regions = Object.entries(resources?.regions ?? {}).filter(([name]) => name !== region);
  return {
    ...cluster,
    region: active_region,
    dr_region: null,
    is_failed_over: false,
    network: {
      cidr: active_region === cluster.region ? network.cidr : (network.dr_cidr ?? network.cidr),
      dr_cidr: null,
    },
    abandoned_regions: [...abandoned_regions, region],
    resources: resources && { ...resources, regions: Object.fromEntries(regions) },
  };
}

export function lossBoundRecord({ config }: Context, cluster: Cluster): LossBoundRecord {
  const { id, resources, active_region } = cluster;
  return {
    cluster: id,
    globalCluster: resources?.globalCluster ?? "",
    active: active_region,
    standbyArn: placeOf(cluster, inactiveRegion(cluster)).databaseClusterArn,
    bound: (standbyInStep) => lossBoundIn(active_region, cluster, standbyInStep, config.globalDatabaseRpoSeconds),
  };
}

function regionOf(cluster: Cluster, region: string): CleanUpRegion {
  const { databaseCluster, databaseClusterArn, stack } = placeOf(cluster, region);
  const databaseInstance = databaseInstanceName(cluster.id, region);
  return { region, databaseCluster, databaseClusterArn, databaseInstance, stack };
}

function placeOf({ id, resources }: Cluster, region: string): RegionResources {
  const place = resources?.regions[region];
  if (place === undefined) throw new Error(`cluster ${id} has nothing in ${region}`);
  return place;
}
