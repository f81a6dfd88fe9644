import type { z } from "zod";
import type { Cluster } from "../cluster.ts";
import { networkOf, readCluster } from "./clusters.ts";
import type { Context } from "./context.ts";
import { checkFailback } from "./failback-check.ts";
import type { Operation } from "./operation.ts";
import { begin, latestMove, runningOperation } from "./operations.ts";
import { Problem } from "./problem.ts";
import { checkSecondRegion } from "./regions.ts";
import type { clusterChange } from "./requests.ts";

/** Writes the change to the record and begins the cluster update that it asks for. */
export async function changeCluster(
  context: Context,
  id: string,
  change: z.output<typeof clusterChange>,
): Promise<Operation> {
  const cluster = readCluster(context, id);
  checkNothingRuns(context, id);
  if (change.dr_region !== undefined) return enableDr(context, cluster, change.dr_region, change.network?.dr_cidr);
  if (change.loss_bound !== undefined) return boundLoss(context, cluster, change.loss_bound);
  return change.is_failed_over === true ? failOver(context, cluster) : failBack(context, cluster);
}

/** Gives up a region that never returns, on which the cluster does not depend now. */
export function abandonRegion(context: Context, id: string, region: string): Operation {
  const cluster = readCluster(context, id);
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
  return begin(context, cluster, { kind: "abandon-region", region });
}

function failOver(context: Context, cluster: Cluster): Operation {
  const { id, dr_region, active_region } = cluster;
  checkHasDr(cluster);
  checkActive(cluster);
  if (active_region === dr_region && !hasFailed(context, id, "failover")) {
    throw new Problem(409, "already-failed-over", `cluster ${id} is failed over to ${dr_region} already`);
  }
  return begin(context, { ...cluster, is_failed_over: true }, { kind: "failover" });
}

async function failBack(context: Context, cluster: Cluster): Promise<Operation> {
  const { id, region } = cluster;
  if (cluster.active_region === region && !hasFailed(context, id, "failback")) {
    const unfinished = cluster.is_failed_over ? "; its failover has not come that far: ask for it again" : "";
    throw new Problem(
      409,
      "not-failed-over",
      `cluster ${id} is in its primary region ${region}; there is no failover to undo${unfinished}`,
    );
  }
  await checkFailback(context, cluster);
  // Another request may have come first while AWS was asked.
  checkNothingRuns(context, id);
  return begin(context, { ...readCluster(context, id), is_failed_over: false }, { kind: "failback" });
}

function enableDr(context: Context, cluster: Cluster, drRegion: string, drCidr?: string): Operation {
  const { id, region, dr_region, abandoned_regions } = cluster;
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
  const network = networkOf(drRegion, { cidr: cluster.network.cidr, dr_cidr: drCidr });
  return begin(context, { ...cluster, dr_region: drRegion, network, state: "creating" }, { kind: "enable-dr" });
}

function boundLoss(context: Context, cluster: Cluster, wanted: Cluster["loss_bound"]): Operation {
  checkHasDr(cluster);
  checkActive(cluster);
  if (context.config.globalDatabaseRpoSeconds === null) {
    throw new Problem(409, "no-loss-bound", "this platform is configured to bound no loss (globalDatabaseRpoSeconds)");
  }
  return begin(context, { ...cluster, loss_bound: wanted }, { kind: "loss-bound" });
}

/** Whether the latest move was this one and failed: then it may be asked for again, however far it came. */
function hasFailed(context: Context, id: string, kind: "failover" | "failback"): boolean {
  const move = latestMove(context, id);
  return move?.kind === kind && move.state === "failed";
}

function checkNothingRuns(context: Context, id: string): void {
  const running = runningOperation(context, id);
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
