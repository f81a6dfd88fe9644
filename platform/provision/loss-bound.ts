import {
  CreateDBClusterParameterGroupCommand,
  DescribeDBClusterParameterGroupsCommand,
  ModifyDBClusterParameterGroupCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { unless } from "../aws/errors.ts";
import { parameterGroupName } from "../names.ts";

/**
 * The parameter group that bounds loss, for the primary only: in the secondary's group it would stall the new primary
 * after a failover, until the old region is rebuilt (Aurora User Guide, "Managing RPOs"). Gives the group's name.
 */
export async function ensureLossBound(
  rds: RDSClient,
  cluster: string,
  { family, seconds }: { readonly family: string; readonly seconds: number },
): Promise<string> {
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
  const bound = {
    ParameterName: "rds.global_db_rpo",
    ParameterValue: String(seconds),
    ApplyMethod: "immediate" as const,
  };
  await rds.send(new ModifyDBClusterParameterGroupCommand({ ...group, Parameters: [bound] }));
  return name;
}
