import {
  CreateDBClusterParameterGroupCommand,
  DescribeDBClusterParameterGroupsCommand,
  DescribeDBClusterParametersCommand,
  ModifyDBClusterParameterGroupCommand,
  type RDSClient,
  ResetDBClusterParameterGroupCommand,
} from "@aws-sdk/client-rds";
import { unless } from "../aws/errors.ts";
import type { Cluster } from "../cluster.ts";
import { parameterGroupName } from "../names.ts";

const parameter = "rds.global_db_rpo";

/**
 * The one place that decides where loss is bounded, and to how many seconds; null is nowhere. Only the writer's region has a bound, and only
 * while its standby is in step: anywhere else it would stall the writer, after the next failover or at once, until another region is rebuilt
 * (Aurora User Guide, "Managing RPOs").
 */
export function lossBoundIn(
  region: string,
  { active_region, dr_region, loss_bound }: Pick<Cluster, "active_region" | "dr_region" | "loss_bound">,
  standbyInStep: boolean,
  seconds: number | null,
): number | null {
  const bounded = region === active_region && dr_region !== null && loss_bound === "enforced" && standbyInStep;
  return bounded ? seconds : null;
}

/** The region's own parameter group, without which a bound could not be set later without a restart. Gives its name. */
export async function ensureParameterGroup(rds: RDSClient, cluster: string, family: string): Promise<string> {
  const name = parameterGroupName(cluster);
  const group = { DBClusterParameterGroupName: name };
  const asked = rds.send(new DescribeDBClusterParameterGroupsCommand(group));
  if ((await unless(["DBParameterGroupNotFoundFault"], undefined, asked)) === undefined) {
    const create = new CreateDBClusterParameterGroupCommand({
      ...group,
      DBParameterGroupFamily: family,
      Description: "Bounds what the loss of a region may cost",
    });
    await unless(["DBParameterGroupAlreadyExistsFault"], undefined, rds.send(create));
  }
  return name;
}

/** The bound that is set in the region, in seconds; null when there is none. */
export async function readLossBound(rds: RDSClient, cluster: string): Promise<number | null> {
  const asked = new DescribeDBClusterParametersCommand({
    DBClusterParameterGroupName: parameterGroupName(cluster),
    Source: "user",
  });
  const found = await unless(["DBParameterGroupNotFoundFault"], undefined, rds.send(asked));
  const value = found?.Parameters?.find(({ ParameterName }) => ParameterName === parameter)?.ParameterValue;
  return value === undefined ? null : Number(value);
}

/** Sets or lifts the bound; it is in force a moment later, without a restart. */
export async function setLossBound(rds: RDSClient, cluster: string, seconds: number | null): Promise<void> {
  const group = { DBClusterParameterGroupName: parameterGroupName(cluster) };
  const named = { ParameterName: parameter, ApplyMethod: "immediate" as const };
  await (seconds === null
    ? rds.send(new ResetDBClusterParameterGroupCommand({ ...group, Parameters: [named] }))
    : rds.send(
        new ModifyDBClusterParameterGroupCommand({
          ...group,
          Parameters: [{ ...named, ParameterValue: String(seconds) }],
        }),
      ));
}
