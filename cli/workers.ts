import type { LabConfig } from "../fixtures/lab/config.ts";

/** Worker slots: one more per deployment than the tasks that must be alive, because a worker between two tasks has none. */
export function workersFor({ tasks, deployments }: Pick<LabConfig, "tasks" | "deployments">): {
  perDeployment: number;
  total: number;
} {
  const perDeployment = Math.ceil(tasks / deployments) + 1;
  return { perDeployment, total: perDeployment * deployments };
}
