import {
  type DBCluster,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeEventsCommand,
  DescribeGlobalClustersCommand,
  type GlobalCluster,
  type GlobalClusterMember,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { unless } from "./errors.ts";

export async function findGlobalCluster(rds: RDSClient, name: string): Promise<GlobalCluster | undefined> {
  const asked = rds.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: name }));
  return (await unless(["GlobalClusterNotFoundFault"], undefined, asked))?.GlobalClusters?.[0];
}

export async function findDatabaseCluster(rds: RDSClient, name: string): Promise<DBCluster | undefined> {
  const asked = rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }));
  return (await unless(["DBClusterNotFoundFault"], undefined, asked))?.DBClusters?.[0];
}

/** The status of the instance, or undefined when there is none by that name. */
export async function instanceStatus(rds: RDSClient, name: string): Promise<string | undefined> {
  const asked = rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
  const found = await unless(["DBInstanceNotFoundFault", "DBInstanceNotFound"], undefined, asked);
  return found?.DBInstances?.[0]?.DBInstanceStatus;
}

/** The member of a global cluster, as the region of the client sees it. */
export async function findMember(rds: RDSClient, name: string, arn: string): Promise<GlobalClusterMember | undefined> {
  const found = await findGlobalCluster(rds, name);
  return found?.GlobalClusterMembers?.find(({ DBClusterArn }) => DBClusterArn === arn);
}

export interface Resynchronization {
  readonly finished: boolean;
  readonly message: string;
}

/** The latest of RDS-EVENT-0240 and 0241 since then: how far a former primary is that is rebuilt on a new volume. RDS gives events without their numbers. */
export async function resynchronized(
  rds: RDSClient,
  databaseCluster: string,
  sinceMs: number,
): Promise<Resynchronization | undefined> {
  const asked = new DescribeEventsCommand({
    SourceType: "db-cluster",
    SourceIdentifier: databaseCluster,
    StartTime: new Date(sinceMs),
  });
  const { Events = [] } = await rds.send(asked);
  return Events.flatMap(({ Message = "" }) => {
    const [, verb] = /^(Started|Finished) resynchronizing/i.exec(Message) ?? [];
    return verb === undefined ? [] : [{ finished: verb.toLowerCase() === "finished", message: Message }];
  }).at(-1);
}
