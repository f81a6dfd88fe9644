import type { LabConfig } from "../fixtures/lab/config.ts";
import { UsageError } from "../harness/errors.ts";
import type { Scenario } from "../harness/types.ts";
import { makeScenario } from "../scenarios/index.ts";
import type { GamedayConfig } from "./config.ts";

/** Worker slots: one more per deployment than the tasks that must be alive, because a worker between two tasks has none. */
export function workersFor({ tasks, deployments }: Pick<LabConfig, "tasks" | "deployments">): {
  perDeployment: number;
  total: number;
} {
  const perDeployment = Math.ceil(tasks / deployments) + 1;
  return { perDeployment, total: perDeployment * deployments };
}

/** The lab as a scenario wants it: it may say where the primary is, and which regions it is about. */
export function labOf(
  lab: LabConfig,
  { name, primary, regions }: Pick<Scenario, "name" | "primary" | "regions">,
): LabConfig {
  const wanted = { ...lab.regions, ...regions };
  if (wanted.lost === wanted.survivor)
    throw new UsageError(`${name} loses ${wanted.lost}, which is lab.regions.survivor too`, {
      hint: "set lab.regions.survivor to another region",
    });
  return { ...lab, regions: wanted, ...(primary === undefined ? {} : { primary }) };
}

/** The scenario that a configuration asks for, and the worker slots of each deployment. */
export function scenarioOf({ scenario, play: options, lab }: Pick<GamedayConfig, "scenario" | "play" | "lab">): {
  scenario: Scenario;
  workers: ReturnType<typeof workersFor>;
} {
  const workers = workersFor(lab);
  const { timeScale, deployments, tasks } = lab;
  return {
    scenario: makeScenario(scenario, { options, timeScale, deployments, tasks, workers: workers.total }),
    workers,
  };
}
