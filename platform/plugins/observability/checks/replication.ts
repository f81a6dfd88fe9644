import {
  type CloudWatchClient,
  GetMetricDataCommand,
  ListMetricsCommand,
  type Metric,
} from "@aws-sdk/client-cloudwatch";
import { DescribeGlobalClustersCommand, type RDSClient } from "@aws-sdk/client-rds";
import type { Check } from "../../../health/check.ts";

/** A metric that says nothing for this long says nothing good. */
const silentAfterMs = 30_000;

/** How far behind the replication of objects into this region is. S3 tells it in the destination's region, so it outlives the source's. */
export async function checkObjects(cloudWatch: CloudWatchClient, behindMs: number): Promise<Check> {
  const name = "replication-objects";
  const ask = new ListMetricsCommand({ Namespace: "AWS/S3", MetricName: "ReplicationLatency" });
  const { Metrics: metrics = [] } = await cloudWatch.send(ask);
  if (metrics.length === 0) return { name, ok: true, detail: "nothing has been replicated to here yet" };
  const latencies = await latest(cloudWatch, metrics);
  const worst = Math.max(0, ...latencies.map(({ value = 0 }) => value * 1_000));
  const said = `the oldest object that is on its way is ${Math.round(worst)} ms old`;
  if (worst <= behindMs) return { name, ok: true, detail: worst === 0 ? "nothing is on its way" : said };
  const { metric } = latencies.find(({ value = 0 }) => value * 1_000 === worst) ?? {};
  const source = metric?.Dimensions?.find(({ Name }) => Name === "SourceBucket")?.Value ?? "";
  return { name, ok: false, detail: `${said}, limit ${behindMs} ms, from ${source}` };
}

export interface DatabasePlace {
  readonly globalCluster: string;
  readonly databaseCluster: string;
}

/** How far the copy of the database here is behind its writer; where the writer is, there is nothing to be behind. */
export async function checkDatabase(
  { rds, cloudWatch }: { rds: RDSClient; cloudWatch: CloudWatchClient },
  { globalCluster, databaseCluster }: DatabasePlace,
  behindMs: number,
): Promise<Check> {
  const name = "replication-database";
  const ask = new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: globalCluster });
  const [found] = (await rds.send(ask)).GlobalClusters ?? [];
  const isHere = (arn = "") => arn.split(":").at(-1) === databaseCluster;
  const member = found?.GlobalClusterMembers?.find(({ DBClusterArn }) => isHere(DBClusterArn));
  if (member === undefined) return { name, ok: false, detail: `${databaseCluster} is no member of ${globalCluster}` };
  if (member.IsWriter === true) return { name, ok: true, detail: "the writer is here" };
  const Dimensions = [{ Name: "DBClusterIdentifier", Value: databaseCluster }];
  const metric = { Namespace: "AWS/RDS", MetricName: "AuroraGlobalDBRPOLag", Dimensions };
  const [lag] = await latest(cloudWatch, [metric]);
  if (lag?.value === undefined) {
    const status = member.SynchronizationStatus ?? found?.Status ?? "unknown";
    return { name, ok: false, detail: `the copy here has told no lag for ${silentAfterMs} ms; it is ${status}` };
  }
  const said = `the copy here is ${Math.round(lag.value)} ms behind`;
  return lag.value <= behindMs
    ? { name, ok: true, detail: said }
    : { name, ok: false, detail: `${said}, limit ${behindMs} ms` };
}

/** The newest value of each metric, undefined when it is silent. */
async function latest(
  cloudWatch: CloudWatchClient,
  metrics: readonly Metric[],
): Promise<{ metric: Metric; value: number | undefined }[]> {
  const EndTime = new Date();
  const ask = new GetMetricDataCommand({
    StartTime: new Date(EndTime.getTime() - silentAfterMs),
    EndTime,
    MetricDataQueries: metrics.map((Metric, index) => ({
      Id: `m${index}`,
      MetricStat: { Metric, Period: 1, Stat: "Maximum" },
    })),
  });
  const { MetricDataResults: results = [] } = await cloudWatch.send(ask);
  return metrics.map((metric, index) => ({ metric, value: results.find(({ Id }) => Id === `m${index}`)?.Values?.[0] }));
}
