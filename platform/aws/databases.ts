import {
  type DBCluster,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeGlobalClustersCommand,
  type GlobalCluster,
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
