import { databaseCompute } from "./database-compute.ts";
import { databaseFailover } from "./database-failover.ts";
import { dns } from "./dns.ts";
import { manifests } from "./manifests.ts";
import type { FailoverRecord, FailoverTools, Step } from "./step.ts";
import { runSteps, type StepsOptions } from "./steps.ts";

/** In the order in which they run. Each begins when the one before is seen to be done: no deployment may meet a database that is not promoted. */
const order: readonly Step[] = [databaseCompute, databaseFailover, manifests, dns];
export const failoverSteps: readonly string[] = order.map(({ name }) => name);

export interface FailoverOptions extends StepsOptions {
  readonly record: FailoverRecord;
  readonly tools: FailoverTools;
}

/**
 * Brings the cluster to the region `to`, from the top, whatever an earlier run has done already: a failover when the region being left is
 * lost, a failback when it can be asked. Rejects when a step does not reach its goal.
 */
export async function failover({ record, tools, ...options }: FailoverOptions): Promise<void> {
  await runSteps(
    order.map(({ name, ask }) => ({ name, ask: ask(record, tools) })),
    options,
  );
}
