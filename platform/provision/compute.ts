import { CreateStackCommand } from "@aws-sdk/client-cloudformation";
import type { Aws } from "../aws/clients.ts";
import { findStack, isSettled } from "../aws/stacks.ts";
import { converge, type Patience } from "../converge.ts";
import { databaseClusterName, databaseInstanceName, stackName } from "../names.ts";
import { computeTemplate } from "./template.ts";

export interface ComputeOptions {
  readonly cluster: string;
  readonly region: string;
  readonly instanceClass: string;
  /** false makes the region's database headless: storage without an instance. */
  readonly enabled: boolean;
}

/** Makes the stack that owns the region's database instance. One that is there already is left as it is. */
export async function ensureComputeStack(aws: Aws, options: ComputeOptions, patience: Patience): Promise<void> {
  const { cluster, region, instanceClass, enabled } = options;
  const cloudFormation = aws.cloudFormation(region);
  const name = stackName(cluster);
  const parameters = {
    ComputeEnabled: String(enabled),
    DatabaseCluster: databaseClusterName(cluster, region),
    DatabaseInstance: databaseInstanceName(cluster, region),
    InstanceClass: instanceClass,
  };
  const create = new CreateStackCommand({
    StackName: name,
    TemplateBody: computeTemplate,
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
  });
  await converge(
    `stack ${name} in ${region}`,
    async () => {
      const stack = await findStack(cloudFormation, name);
      if (stack === undefined) {
        return { done: false, detail: "no stack yet", act: () => cloudFormation.send(create) };
      }
      return { done: isSettled(stack), detail: `${stack.StackStatus} ${stack.StackStatusReason ?? ""}`.trim() };
    },
    patience,
  );
}
