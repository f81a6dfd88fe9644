import { type Cluster, databaseUrl } from "../cluster.ts";
import { variantOf } from "../manifests/dr.ts";
import { databaseInstanceName } from "../names.ts";
import type { FailoverRecord, FailoverTools, Inflation } from "../orchestrator/step.ts";
import { writeOnce } from "../orchestrator/write-once.ts";
import { type Context, reportKey } from "./context.ts";

/** The record of a failover to the cluster's second region. */
export function failoverRecord({ config }: Context, { id, dr_region: to, resources }: Cluster): FailoverRecord {
  const target = to === null ? undefined : resources?.regions[to];
  if (to === null || resources === null || target === undefined) throw new Error(`cluster ${id} has no second region`);
  return {
    cluster: id,
    to,
    globalCluster: resources.globalCluster,
    databaseCluster: target.databaseCluster,
    databaseClusterArn: target.databaseClusterArn,
    databaseInstance: databaseInstanceName(id, to),
    stack: target.stack,
    hostedZoneId: resources.hostedZoneId,
    ingressName: resources.ingressName,
    ingressTtlSeconds: config.ingressTtlSeconds,
    loadBalancer: target.loadBalancer,
  };
}

export function failoverTools(context: Context, cluster: string, { to }: FailoverRecord): FailoverTools {
  const { aws, store, config } = context;
  return {
    aws,
    inflation: inflationOf(context, cluster, to),
    writeOnce: async () => {
      const record = store.cluster(cluster);
      const place = record?.resources?.regions[to];
      if (record === undefined || place === undefined) throw new Error(`cluster ${cluster} has no database in ${to}`);
      await writeOnce(databaseUrl(record.database, place), cluster, config.callWithinMs);
    },
  };
}

function inflationOf({ store, blobs, reports }: Context, id: string, to: string): Inflation {
  const read = (): Cluster => {
    const cluster = store.cluster(id);
    if (cluster === undefined) throw new Error(`cluster ${id} is gone`);
    return cluster;
  };
  return {
    async regenerate() {
      blobs.put({ ...read(), active_region: to });
    },
    async look() {
      const cluster = read();
      const variant = variantOf(cluster, to);
      const tag = variant === undefined ? undefined : blobs.current(id, variant)?.etag;
      const report = reports.get(reportKey(id, to));
      const wanted = store.deployments(id).length;
      const applied = tag !== undefined && report?.applied === tag;
      const ready = applied ? report.deployments.filter((deployment) => deployment.ready).length : 0;
      return { regenerated: cluster.active_region === to, applied, ready, wanted };
    },
  };
}
