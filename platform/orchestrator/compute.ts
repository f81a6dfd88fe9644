import { type Parameter, UpdateStackCommand } from "@aws-sdk/client-cloudformation";
import type { Aws } from "../aws/clients.ts";
import { instanceStatus } from "../aws/databases.ts";
import { failureReason, findStack, isSettled, parameterOf, wasRolledBack } from "../aws/stacks.ts";
import type { Ask } from "../converge.ts";

export interface ComputeGoal {
  readonly region: string;
  readonly stack: string;
  readonly databaseInstance: string;
  /** false makes the region's database headless: storage without an instance. */
  readonly enabled: boolean;
  /** Asked before compute is changed; undefined leaves it as it is. */
  readonly instanceClass?: () => Promise<string | undefined>;
}

/**
 * Gives a region's database its compute or takes it away, by an update of the stack that owns it. An update that was rolled back is tried
 * again, for as long as its cause stands, and the cause is told.
 */
export function computeAsk(
  aws: Aws,
  { region, stack: name, databaseInstance, enabled, instanceClass }: ComputeGoal,
): Ask {
  const cloudFormation = aws.cloudFormation(region);
  const update = async () => {
    const size = await instanceClass?.();
    return cloudFormation.send(
      new UpdateStackCommand({
        StackName: name,
        UsePreviousTemplate: true,
        Parameters: [
          { ParameterKey: "ComputeEnabled", ParameterValue: String(enabled) },
          ...["DatabaseCluster", "DatabaseInstance"].map(unchanged),
          size === undefined ? unchanged("InstanceClass") : { ParameterKey: "InstanceClass", ParameterValue: size },
        ],
      }),
    );
  };
  // CloudFormation asks for it; what it waits for is RDS.
  const operation = enabled ? "CreateDBInstance" : "DeleteDBInstance";
  const waitsOn = { service: "rds", operation, region, answered: true };
  let rolledBack = "";
  return async () => {
    const stack = await findStack(cloudFormation, name);
    if (stack === undefined) return { done: false, detail: `stack ${name} does not exist in ${region}` };
    if (wasRolledBack(stack)) rolledBack = `, rolled back before: ${await failureReason(cloudFormation, name)}`;
    const seen = `stack is ${stack.StackStatus}`;
    if (!isSettled(stack)) return { done: false, detail: seen + rolledBack, waitsOn };
    if (parameterOf(stack, "ComputeEnabled") !== String(enabled)) {
      const compute = enabled ? "without compute" : "with compute";
      return { done: false, detail: `${seen}, ${compute}${rolledBack}`, act: update };
    }
    const status = (await instanceStatus(aws.rds(region), databaseInstance)) ?? "missing";
    const detail = `${seen}, instance is ${status}`;
    return status === (enabled ? "available" : "missing") ? { done: true, detail } : { done: false, detail, waitsOn };
  };
}

const unchanged = (key: string): Parameter => ({ ParameterKey: key, UsePreviousValue: true });
