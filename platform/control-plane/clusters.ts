import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { nowMs } from "../clock.ts";
import type { Cluster, Deployment } from "../cluster.ts";
import { NotReached } from "../converge.ts";
import { type ClusterHealth, clusterHealth, regionHealth } from "../health/health.ts";
import { variantOf } from "../manifests/dr.ts";
import { freeCidr, type Network, overlap } from "../network.ts";
import { provisionNames } from "../provision/provision.ts";
import { type Context, reportKey } from "./context.ts";
import type { Operation } from "./operation.ts";
import { begin, latestOperation, runningOperation } from "./operations.ts";
import { Problem } from "./problem.ts";
import { provisionOptions } from "./provision-options.ts";
import type { clusterChange, newCluster } from "./requests.ts";

/** How long a request may wait for DNS: its control plane may be down, and the caller is waiting. */
const namesWithinMs = 30_000;

const secret = () => randomBytes(24).toString("base64url");

export function readCluster({ store }: Context, id: string): Cluster {
  const cluster = store.cluster(id);
  if (cluster === undefined) throw new Problem(404, "unknown-cluster", `there is no cluster ${id}`);
  return cluster;
}

/** Writes the record and begins to provision it. One that could not be provisioned may be asked for again. */
export function createCluster(context: Context, asked: z.output<typeof newCluster>): Operation {
  const { store } = context;
  const { name, region, dr_region = null, network, database, airflow } = asked;
  const known = store.cluster(name);
  if (known !== undefined && known.state !== "failed") {
    throw new Problem(409, "cluster-exists", `cluster ${name} exists already; choose another name`);
  }
  checkRegion(context, region);
  if (dr_region !== null) checkSecondRegion(context, region, dr_region);
  const cluster: Cluster = {
    id: name,
    name,
    region,
    dr_region,
    is_failed_over: false,
    active_region: region,
    state: "creating",
    created_at: new Date().toISOString(),
    network: networkOf(dr_region, network),
    // What was made at the first attempt keeps its password.
    database: { ...database, password: database.password ?? known?.database.password ?? secret() },
    airflow: { ...airflow, token: airflow.token ?? known?.airflow.token ?? secret() },
    resources: null,
  };
  if (store.key(name) === undefined) store.putKey(name, secret());
  return begin(context, cluster, "create");
}

/** Writes the change to the record and begins the cluster update that it asks for. */
export function changeCluster(context: Context, id: string, change: z.output<typeof clusterChange>): Operation {
  const cluster = readCluster(context, id);
  const running = runningOperation(context, id);
  if (running !== undefined) {
    throw new Problem(
      409,
      "operation-running",
      `${running.kind} ${running.id} is running on cluster ${id}; follow it at /v1/clusters/${id}/operations/${running.id}`,
    );
  }
  if (change.dr_region !== undefined) return enableDr(context, cluster, change.dr_region, change.network?.dr_cidr);
  return change.is_failed_over === true ? failOver(context, cluster) : failBack(cluster);
}

function failOver(context: Context, cluster: Cluster): Operation {
  const { id, dr_region, state } = cluster;
  if (dr_region === null) {
    throw new Problem(409, "no-dr", `cluster ${id} has no second region; set dr_region first`);
  }
  if (state !== "active") throw new Problem(409, "not-active", `cluster ${id} is ${state}; wait until it is active`);
  const latest = latestOperation(context, id);
  const failedBefore = latest?.kind === "failover" && latest.state === "failed";
  if (cluster.is_failed_over && !failedBefore) {
    throw new Problem(409, "already-failed-over", `cluster ${id} is failed over to ${dr_region} already`);
  }
  return begin(context, { ...cluster, is_failed_over: true }, "failover");
}

function failBack({ id, is_failed_over, region }: Cluster): never {
  if (!is_failed_over) {
    throw new Problem(
      409,
      "not-failed-over",
      `cluster ${id} is in its primary region ${region}; there is no failover to undo`,
    );
  }
  throw new Problem(409, "failback-not-offered", `this release cannot bring cluster ${id} back to ${region}`);
}

function enableDr(context: Context, cluster: Cluster, drRegion: string, drCidr?: string): Operation {
  const { id, region, dr_region, state } = cluster;
  if (dr_region !== null)
    throw new Problem(409, "has-dr", `cluster ${id} has its second region in ${dr_region} already`);
  if (state !== "active") throw new Problem(409, "not-active", `cluster ${id} is ${state}; wait until it is active`);
  checkSecondRegion(context, region, drRegion);
  const network = networkOf(drRegion, { cidr: cluster.network.cidr, dr_cidr: drCidr });
  return begin(context, { ...cluster, dr_region: drRegion, network, state: "creating" }, "enable-dr");
}

/** The ranges that were asked for, the others chosen beside them. */
function networkOf(drRegion: string | null, asked: z.output<typeof newCluster>["network"]): Network {
  const { cidr = freeCidr(asked.dr_cidr === undefined ? [] : [asked.dr_cidr]) } = asked;
  if (drRegion === null) return { cidr, dr_cidr: null };
  const { dr_cidr = freeCidr([cidr]) } = asked;
  if (overlap(cidr, dr_cidr)) {
    throw new Problem(
      422,
      "overlapping-cidrs",
      `network.cidr ${cidr} and network.dr_cidr ${dr_cidr} share addresses; choose ranges that do not, or leave one out`,
    );
  }
  return { cidr, dr_cidr };
}

/** Regions that are offered here and that the cluster does not use. */
export function secondaryCandidates({ config }: Context, { region, dr_region }: Cluster): string[] {
  return Object.keys(config.aws).filter((offered) => offered !== region && offered !== dr_region);
}

function checkRegion({ config }: Context, region: string): void {
  const known = Object.keys(config.aws);
  if (known.includes(region)) return;
  throw new Problem(422, "unknown-region", `${region} is not offered here; there are ${known.join(", ")}`);
}

function checkSecondRegion(context: Context, region: string, drRegion: string): void {
  checkRegion(context, drRegion);
  if (drRegion === region) {
    throw new Problem(422, "same-region", `dr_region must be another region than the primary, ${region}`);
  }
}

/** Adds deployments or changes those that are there: their names first, then the manifests that start them. */
export async function addDeployments(
  context: Context,
  id: string,
  added: readonly Deployment[],
): Promise<Deployment[]> {
  const { store, blobs } = context;
  const { resources } = readCluster(context, id);
  if (resources === null)
    throw new Problem(409, "not-active", `cluster ${id} is being created; wait until it is active`);
  const { patience, ...options } = provisionOptions(context);
  try {
    await provisionNames(resources, added, { ...options, patience: { ...patience, withinMs: namesWithinMs } });
  } catch (error) {
    if (!(error instanceof NotReached)) throw error;
    throw new Problem(503, "names-not-written", `no deployment was added, because ${error.message}; try again later`);
  }
  store.putDeployments(id, added);
  blobs.put(readCluster(context, id));
  return store.deployments(id);
}

export function readHealth(context: Context, id: string): ClusterHealth {
  const cluster = readCluster(context, id);
  const of = (region: string) => {
    const variant = variantOf(cluster, region);
    const wanted = variant === undefined ? undefined : context.blobs.current(id, variant)?.etag;
    const report = context.reports.get(reportKey(id, region));
    return regionHealth(region, report, wanted, nowMs(), context.config.health);
  };
  return clusterHealth(of(cluster.region), cluster.dr_region === null ? null : of(cluster.dr_region));
}
