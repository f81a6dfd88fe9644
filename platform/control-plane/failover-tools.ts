import { type Cluster, databaseUrl } from "../cluster.ts";
import type { Report } from "../health/health.ts";
import { variantOf } from "../manifests/dr.ts";
import { databaseInstanceName } from "../names.ts";
import { lookupsOf } from "../orchestrator/lookups.ts";
import type { FailoverRecord, FailoverTools, Inflation } from "../orchestrator/step.ts";
import { writeOnce } from "../orchestrator/write-once.ts";
import { ensureRoles } from "../provision/roles.ts";
import { type Context, reportKey } from "./context.ts";
import { type Operation, targetOf } from "./operation.ts";
import { silenceOf } from "./silence.ts";

/** The record of a failover to the region that is not lost, or of a failback to the cluster's first. */
export function failoverRecord(
  { config }: Context,
  cluster: Cluster,
  operation: Pick<Operation, "kind" | "region">,
): FailoverRecord {
  const { id, dr_region, resources } = cluster;
  const to = targetOf(operation, cluster);
  if (to === null || dr_region === null || resources === null) throw new Error(`cluster ${id} has no second region`);
  const target = resources.regions[to];
  if (target === undefined) throw new Error(`cluster ${id} has nothing in ${to}`);
  return {
    cluster: id,
    from: operation.kind === "failover" ? null : dr_region,
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
    dnsSwitch: resources.dnsSwitch,
  };
}

export function failoverTools(context: Context, cluster: string, { from, to }: FailoverRecord): FailoverTools {
  const { aws, store, config, resolveAlias } = context;
  const lookups = lookupsOf(aws, config.lookups, to);
  return {
    aws,
    lookups,
    resolveAlias,
    inflation: inflationOf(context, cluster, from, to),
    writeOnce: async () => {
      const record = store.cluster(cluster);
      const place = record?.resources?.regions[to];
      if (record === undefined || place === undefined) throw new Error(`cluster ${cluster} has no database in ${to}`);
      const password = (await lookups.databasePassword()) ?? record.database.password;
      await writeOnce(databaseUrl({ ...record.database, password }, place), cluster, config.callWithinMs);
    },
  };
}

function inflationOf(context: Context, id: string, from: string | null, to: string): Inflation {
  const { aws, config, store, blobs, reports } = context;
  const read = (): Cluster => {
    const cluster = store.cluster(id);
    if (cluster === undefined) throw new Error(`cluster ${id} is gone`);
    return cluster;
  };
  /** The region's report on the manifests as they are now; undefined until it has applied them. */
  const reportOf = (region: string): Report | undefined => {
    const variant = variantOf(read(), region);
    const tag = variant === undefined ? undefined : blobs.current(id, variant)?.etag;
    const report = reports.get(reportKey(id, region));
    return tag !== undefined && report?.applied === tag ? report : undefined;
  };
  return {
    async regenerate() {
      const { region, dr_region } = read();
      if (config.rolesOnFailover) await ensureRoles(aws.iam(), id, [region, dr_region ?? region]);
      blobs.put({ ...read(), active_region: to });
    },
    async look() {
      const report = reportOf(to);
      const ready = report?.deployments.filter((deployment) => deployment.ready).length ?? 0;
      const isLeft = from !== null && silenceOf(context, id, from) === undefined;
      return {
        regenerated: read().active_region === to,
        applied: report !== undefined,
        ready,
        wanted: store.deployments(id).length,
        problems: reports.get(reportKey(id, to))?.problems ?? [],
        // A deployment that is to have no pods is ready when it has none.
        leftBehind: isLeft && !reportOf(from)?.deployments.every((deployment) => deployment.ready),
      };
    },
  };
}
