import { computeAsk } from "./compute.ts";
import type { Step } from "./step.ts";

/** Step 1: gives the headless database compute, where it has none yet. A headless cluster cannot be relied on to be promoted. */
export const databaseCompute: Step = {
  name: "database-compute",
  ask: ({ to, stack, databaseInstance }, { aws, lookups }) => {
    const { instanceClass } = lookups;
    const compute = computeAsk(aws, { region: to, stack, databaseInstance, enabled: true, instanceClass });
    return async () => {
      const held = await lookups.hold();
      return held === undefined ? compute() : { done: false, detail: held };
    };
  },
};
