import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { says } from "./errors.ts";

/** The stack, or undefined when there is none by that name. */
export async function findStack(cloudFormation: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0];
  } catch (error) {
    if (says(error, /does not exist/)) return undefined;
    throw error;
  }
}

export function parameterOf(stack: Stack, key: string): string | undefined {
  return stack.Parameters?.find(({ ParameterKey }) => ParameterKey === key)?.ParameterValue;
}

/** Whether the stack rests: only then does it take an update. */
export function isSettled({ StackStatus }: Stack): boolean {
  return StackStatus?.endsWith("_COMPLETE") ?? false;
}

/** Whether the last update failed and everything was put back. */
export function wasRolledBack({ StackStatus }: Stack): boolean {
  return StackStatus === "UPDATE_ROLLBACK_COMPLETE";
}

/** Why the stack's last update failed: the stack itself forgets it when it is rolled back, its resources' events do not. */
export async function failureReason(cloudFormation: CloudFormationClient, name: string): Promise<string> {
  const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName: name }));
  const failed = StackEvents.find(({ ResourceStatus }) => ResourceStatus?.endsWith("_FAILED"));
  return `${failed?.LogicalResourceId ?? "a resource"}: ${failed?.ResourceStatusReason ?? "no reason given"}`;
}
