import type { z } from "zod";
import type { Cluster } from "../cluster.ts";
import { networkOf, readCluster } from "./clusters.ts";
import type { Context } from "./context.ts";
import { checkInStep, checkTakesOver } from "./failback-check.ts";
import { type Asked, type Operation, targetOf } from "./operation.ts";
import { begin, latestMove, runningOperation } from "./operations.ts";
import { Problem } from "./problem.ts";
import { checkSecondRegion } from "./regions.ts";
import type { clusterChange } from "./requests.ts";

type Change = z.output<typeof clusterChange>;

/** Writes the change to the record and begins the cluster update that it asks for. */
export async function changeCluster(context: Context, id: string, change: Change): Promise<Operation> {
  await checkChange(context, readCluster(context, id), change);
  // Another request may have come first while AWS was asked.
  const cluster = readCluster(context, id);
  checkNothingRuns(context, id, moveOf(cluster, change));
  const { dr_region, loss_bound, dns_strategy, standby_compute, is_failed_over = false } = change;
  if (dr_region !== undefined) {
    const network = networkOf(dr_region, { cidr: cluster.network.cidr, dr_cidr: change.network?.dr_cidr });
    return begin(context, { ...cluster, dr_region, network, state: "creating" }, { kind: "enable-dr" });
  }
  if (loss_bound !== undefined) return begin(context, { ...cluster, loss_bound }, { kind: "loss-bound" });
  if (dns_strategy !== undefined) {
    // From now on a failover moves the record, whatever stands there; it follows a switch only when all of it is made.
    const resources = cluster.resources && { ...cluster.resources, dnsSwitch: null };
    const record = dns_strategy === "move-record" ? { ...cluster, resources } : cluster;
    return begin(context, { ...record, dns_strategy }, { kind: "dns-strategy" });
  }
  if (standby_compute !== undefined)
    return begin(context, { ...cluster, standby_compute }, { kind: "standby-compute" });
  return begin(context, { ...cluster, is_failed_over }, moveOf(cluster, change));
}

/** The move that `is_failed_over` asks for. */
export function moveOf({ region }: Pick<Cluster, "region">, { is_failed_over, allow_data_loss }: Change): Asked {
  if (allow_data_loss) return { kind: "failover", region };
  return { kind: is_failed_over ? "failover" : "failback" };
}

/** Throws the problem that says why the change cannot be asked for now. */
export async function checkChange(context: Context, cluster: Cluster, change: Change): Promise<void> {
  checkNothingRuns(context, cluster.id, moveOf(cluster, change));
  if (change.dr_region !== undefined) return checkEnableDr(context, cluster, change.dr_region, change.network?.dr_cidr);
  if (change.loss_bound !== undefined) return checkLossBound(context, cluster);
  if (change.dns_strategy !== undefined || change.standby_compute !== undefined) return checkMade(cluster);
  if (change.is_failed_over === true) return checkFailover(context, cluster);
  await checkReturn(context, cluster, change);
}

/** Gives up a region that never returns, on which the cluster does not depend now. */
export function abandonRegion(context: Context, id: string, region: string): Operation {
  const cluster = readCluster(context, id);
  checkAbandon(context, cluster, region);
  return begin(context, cluster, { kind: "abandon-region", region });
}

/** Throws the problem that says why the region cannot be given up now. */
export function checkAbandon(context: Context, cluster: Cluster, region: string): void {
  const { id } = cluster;
  if (region !== cluster.region && region !== cluster.dr_region) {
    const regions = [cluster.region, cluster.dr_region].filter((each) => each !== null);
    throw new Problem(404, "unknown-region", `cluster ${id} is not in ${region}; it is in ${regions.join(" and ")}`);
  }
  checkNothingRuns(context, id);
  if (region === cluster.active_region) {
    const hint = cluster.dr_region === null ? "it has no other region" : "bring it to its other region first";
    throw new Problem(409, "region-active", `cluster ${id} lives in ${region} now; ${hint}`);
  }
  checkActive(cluster);
}

function checkFailover(context: Context, cluster: Cluster): void {
  const { id, dr_region, active_region } = cluster;
  checkHasDr(cluster);
  checkActive(cluster);
  if (active_region === dr_region && !hasFailedTo(context, cluster, dr_region)) {
    throw new Problem(409, "already-failed-over", `cluster ${id} is failed over to ${dr_region} already`);
  }
}

async function checkReturn(context: Context, cluster: Cluster, { allow_data_loss }: Change): Promise<void> {
  const { id, region } = cluster;
  if (cluster.active_region === region && !hasFailedTo(context, cluster, region)) {
    const unfinished = cluster.is_failed_over ? "; its failover has not come that far: ask for it again" : "";
    throw new Problem(
      409,
      "not-failed-over",
      `cluster ${id} is in its primary region ${region}; there is no failover to undo${unfinished}`,
    );
  }
  checkTakesOver(context, cluster);
  if (!allow_data_loss) await checkInStep(context, cluster);
}

function checkEnableDr(context: Context, cluster: Cluster, drRegion: string, drCidr?: string): void {
  const { id, region, dr_region, abandoned_regions, network } = cluster;
  if (dr_region !== null)
    throw new Problem(409, "has-dr", `cluster ${id} has its second region in ${dr_region} already`);
  checkActive(cluster);
  checkSecondRegion(context, region, drRegion);
  if (abandoned_regions.includes(drRegion)) {
    throw new Problem(
      409,
      "region-abandoned",
      `cluster ${id} was removed from ${drRegion} for good, and what it left there would be in the way; choose another region`,
    );
  }
  networkOf(drRegion, { cidr: network.cidr, dr_cidr: drCidr });
}

function checkLossBound(context: Context, cluster: Cluster): void {
  checkHasDr(cluster);
  checkActive(cluster);
  if (context.config.globalDatabaseRpoSeconds === null) {
    throw new Problem(409, "no-loss-bound", "this platform is configured to bound no loss (globalDatabaseRpoSeconds)");
  }
}

/** What a failover leans on is changed while no failover needs it. */
function checkMade(cluster: Cluster): void {
  checkHasDr(cluster);
  checkActive(cluster);
}

/** Whether the latest move was to this region and failed: then it may be asked for again, however far it came. */
function hasFailedTo(context: Context, cluster: Cluster, region: string): boolean {
  const move = latestMove(context, cluster.id);
  return move?.state === "failed" && targetOf(move, cluster) === region;
}

function checkNothingRuns(context: Context, id: string, asked?: Asked): void {
  const running = runningOperation(context, id, asked);
  if (running === undefined) return;
  throw new Problem(
    409,
    "operation-running",
    `${running.kind} ${running.id} is running on cluster ${id}; follow it at /v1/clusters/${id}/operations/${running.id}`,
  );
}

function checkHasDr({ id, dr_region }: Cluster): void {
  if (dr_region === null) throw new Problem(409, "no-dr", `cluster ${id} has no second region; set dr_region first`);
}

function checkActive({ id, state }: Cluster): void {
  if (state !== "active") throw new Problem(409, "not-active", `cluster ${id} is ${state}; wait until it is active`);
}
