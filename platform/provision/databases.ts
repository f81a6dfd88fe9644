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
import { ensureParameterGroup, lossBoundIn, readLossBound, setLossBound } from "./loss-bound.ts";
import type { ProvisionOptions } from "./provision.ts";

const engine = "aurora-postgresql";

/** Where a region's database answers. */
export interface DatabasePlace {
  readonly databaseClusterArn: string;
  readonly databaseHost: string;
  readonly databasePort: number;
}

/**
 * The global database: a primary with compute, and a secondary that is headless, storage only, unless it is to be warm. In this order, because a
 * secondary replicates from a primary that runs. Gives the places of the primary and, if there is one, the secondary.
 */
export async function provisionDatabases(cluster: Cluster, options: ProvisionOptions): Promise<DatabasePlace[]> {
  const { aws, instanceClass, patience } = options;
  const { id, region, dr_region, database } = cluster;
  await ensureGlobalCluster(cluster, options);
  const owner = { MasterUsername: database.user, MasterUserPassword: database.password, DatabaseName: database.name };
  const place = async (at: string, input: Partial<CreateDBClusterCommandInput>, enabled: boolean) => {
    const group = await ensureGroup(cluster, at, options);
    const made = await ensureDatabaseCluster(cluster, at, { ...input, ...group }, options);
    await ensureComputeStack(aws, { cluster: id, region: at, instanceClass, enabled }, patience);
    return made;
  };
  const primary = await place(region, owner, true);
  return dr_region === null ? [primary] : [primary, await place(dr_region, {}, cluster.standby_compute === "warm")];
}

/** The region's parameter group, with the bound of loss where there is to be one. Nothing where the configuration bounds no loss. */
async function ensureGroup(
  cluster: Cluster,
  region: string,
  { aws, engineVersion, lossBoundSeconds, patience }: ProvisionOptions,
): Promise<Pick<CreateDBClusterCommandInput, "DBClusterParameterGroupName">> {
  if (lossBoundSeconds === null) return {};
  const rds = aws.rds(region);
  const wanted = lossBoundIn(region, cluster, true, lossBoundSeconds);
  const make = async () => {
    const name = await ensureParameterGroup(rds, cluster.id, `${engine}${engineVersion.split(".")[0]}`);
    if ((await readLossBound(rds, cluster.id)) !== wanted) await setLossBound(rds, cluster.id, wanted);
    return { done: true as const, detail: name };
  };
  const DBClusterParameterGroupName = await converge(`parameter group of ${cluster.id} in ${region}`, make, patience);
  return { DBClusterParameterGroupName };
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
