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
import { begin } from "./operations.ts";
import { Problem } from "./problem.ts";
import { provisionOptions } from "./provision-options.ts";
import { checkRegion, checkSecondRegion } from "./regions.ts";
import type { newCluster } from "./requests.ts";

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
  const { store, config } = context;
  const { name, region, dr_region = null, network, database, airflow } = asked;
  const { dns_strategy = config.dnsStrategy, standby_compute = config.standbyCompute } = asked;
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
    loss_bound: "enforced",
    dns_strategy,
    standby_compute,
    abandoned_regions: [],
    state: "creating",
    created_at: new Date().toISOString(),
    network: networkOf(dr_region, network),
    // What was made at the first attempt keeps its password.
    database: { ...database, password: database.password ?? known?.database.password ?? secret() },
    airflow: { ...airflow, token: airflow.token ?? known?.airflow.token ?? secret() },
    resources: null,
  };
  if (store.key(name) === undefined) store.putKey(name, secret());
  return begin(context, cluster, { kind: "create" });
}

/** The ranges that were asked for, the others chosen beside them. */
export function networkOf(drRegion: string | null, asked: z.output<typeof newCluster>["network"]): Network {
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
    const key = reportKey(id, region);
    const heard = { reconciler: context.reports.get(key), reporter: context.checks.get(key) };
    return regionHealth(region, heard, wanted, nowMs(), context.config.health);
  };
  return clusterHealth(of(cluster.region), cluster.dr_region === null ? null : of(cluster.dr_region));
}
