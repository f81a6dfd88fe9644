import { type Parameter, UpdateStackCommand } from "@aws-sdk/client-cloudformation";
import { instanceStatus } from "../aws/databases.ts";
import { findStack, isSettled, parameterOf } from "../aws/stacks.ts";
import type { Step } from "./step.ts";

/** Step 1: gives the headless database compute, by an update of the stack that owns it. A headless cluster cannot be relied on to be promoted. */
export const databaseCompute: Step = {
  name: "database-compute",
  ask: ({ to, stack: name, databaseInstance }, { aws }) => {
    const cloudFormation = aws.cloudFormation(to);
    const enable = new UpdateStackCommand({
      StackName: name,
      UsePreviousTemplate: true,
      Parameters: [
        { ParameterKey: "ComputeEnabled", ParameterValue: "true" },
        ...["DatabaseCluster", "DatabaseInstance", "InstanceClass"].map(
          (key): Parameter => ({ ParameterKey: key, UsePreviousValue: true }),
        ),
      ],
    });
    return async () => {
      const stack = await findStack(cloudFormation, name);
      if (stack === undefined) return { done: false, detail: `stack ${name} does not exist in ${to}` };
      const seen = `stack is ${stack.StackStatus}`;
      if (!isSettled(stack)) return { done: false, detail: seen };
      if (parameterOf(stack, "ComputeEnabled") !== "true") {
        const because = stack.StackStatusReason === undefined ? "" : ` (${stack.StackStatusReason})`;
        return { done: false, detail: `${seen}${because}, without compute`, act: () => cloudFormation.send(enable) };
      }
      const status = (await instanceStatus(aws.rds(to), databaseInstance)) ?? "missing";
      return { done: status === "available", detail: `${seen}, instance is ${status}` };
    };
  },
};
