import { type CloudFormationClient, DescribeStacksCommand, type Stack } from "@aws-sdk/client-cloudformation";
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
