import {
  CreateDBClusterCommand,
  type CreateDBClusterCommandInput,
  CreateGlobalClusterCommand,
} from "@aws-sdk/client-rds";
import { findDatabaseCluster, findGlobalCluster } from "../aws/databases.ts";
import type { Cluster } from "../cluster.ts";
import { converge } from "../converge.ts";
import { databaseClusterName, globalClusterName } from "../names.ts";
import { ensureComputeStack } from "./compute.ts";
import { ensureLossBound } from "./loss-bound.ts";
import type { ProvisionOptions } from "./provision.ts";

const engine = "aurora-postgresql";

/** Where a region's database answers. */
export interface DatabasePlace {
  readonly databaseClusterArn: string;
  readonly databaseHost: string;
  readonly databasePort: number;
}

/**
 * The global database: a primary with compute, and a headless secondary, storage only. In this order, because a secondary
 * replicates from a primary that runs. Gives the places of the primary and, if there is one, the secondary.
 */
export async function provisionDatabases(cluster: Cluster, options: ProvisionOptions): Promise<DatabasePlace[]> {
  const { aws, engineVersion, instanceClass, lossBoundSeconds, patience } = options;
  const { id, region, dr_region, database } = cluster;
  await ensureGlobalCluster(cluster, options);
  let group = {};
  if (lossBoundSeconds !== null && dr_region !== null) {
    const bound = { family: `${engine}${engineVersion.split(".")[0]}`, seconds: lossBoundSeconds };
    await converge(
      `parameter group of ${id}`,
      async () => {
        const name = await ensureLossBound(aws.rds(region), id, bound);
        group = { DBClusterParameterGroupName: name };
        return { done: true, detail: name };
      },
      patience,
    );
  }
  const owner = { MasterUsername: database.user, MasterUserPassword: database.password, DatabaseName: database.name };
  const primary = await ensureDatabaseCluster(cluster, region, { ...owner, ...group }, options);
  await ensureComputeStack(aws, { cluster: id, region, instanceClass, enabled: true }, patience);
  if (dr_region === null) return [primary];
  const secondary = await ensureDatabaseCluster(cluster, dr_region, {}, options);
  await ensureComputeStack(aws, { cluster: id, region: dr_region, instanceClass, enabled: false }, patience);
  return [primary, secondary];
}

async function ensureGlobalCluster({ id, region }: Cluster, options: ProvisionOptions): Promise<void> {
  const name = globalClusterName(id);
  const rds = options.aws.rds(region);
  const create = new CreateGlobalClusterCommand({
    GlobalClusterIdentifier: name,
    Engine: engine,
    EngineVersion: options.engineVersion,
    StorageEncrypted: true,
  });
  await converge(
    `global cluster ${name}`,
    async () => {
      const found = await findGlobalCluster(rds, name);
      if (found === undefined) return { done: false, detail: "none yet", act: () => rds.send(create) };
      return { done: found.Status === "available", detail: found.Status ?? "no status" };
    },
    options.patience,
  );
}

/** A member of the global cluster. Only the first is given a user and a database; others receive them by replication. */
async function ensureDatabaseCluster(
  { id }: Cluster,
  region: string,
  input: Partial<CreateDBClusterCommandInput>,
  { aws, engineVersion, patience }: ProvisionOptions,
): Promise<DatabasePlace> {
  const name = databaseClusterName(id, region);
  const rds = aws.rds(region);
  const create = new CreateDBClusterCommand({
    DBClusterIdentifier: name,
    GlobalClusterIdentifier: globalClusterName(id),
    Engine: engine,
    EngineVersion: engineVersion,
    StorageEncrypted: true,
    ...input,
  });
  let place: DatabasePlace | undefined;
  await converge(
    `database cluster ${name}`,
    async () => {
      const found = await findDatabaseCluster(rds, name);
      if (found === undefined) return { done: false, detail: "none yet", act: () => rds.send(create) };
      const { DBClusterArn, Endpoint, Port, Status = "no status" } = found;
      if (Status !== "available" || DBClusterArn === undefined || Endpoint === undefined) {
        return { done: false, detail: Status };
      }
      place = { databaseClusterArn: DBClusterArn, databaseHost: Endpoint, databasePort: Port ?? 5432 };
      return { done: true, detail: Status };
    },
    patience,
  );
  if (place === undefined) throw new Error(`database cluster ${name} has no endpoint`);
  return place;
}
