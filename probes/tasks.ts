import { z } from "zod";
import { DidNotHappen } from "../harness/errors.ts";
import type { DeploymentDescription, Probe, Run } from "../harness/types.ts";
import { ask, codeOf, freshAgent } from "./http.ts";
import { askNames, rememberByTtl } from "./names.ts";

const taskPage = z.object({
  task_instances: z.array(
    z.object({ id: z.union([z.string(), z.number()]), try_number: z.number(), state: z.string().nullable() }),
  ),
  total_entries: z.number(),
});
const outputPage = z.object({
  xcom_entries: z.array(
    z.object({
      task_instance_id: z.union([z.string(), z.number()]),
      try_number: z.number(),
      worker: z.string().nullish(),
    }),
  ),
  total_entries: z.number(),
});

/** Reads from each deployment what became of its tasks, and what they put out, once the platform has recovered. */
export const tasks: Probe = {
  role: "probe",
  name: "tasks",
  async start(run) {
    return {
      takeStock: async () => {
        const read = reader(run);
        await Promise.all(
          run.environment.platform.deployments.map((deployment) => readDeployment(run, deployment, read)),
        );
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  },
};

type Read = <T>(deployment: DeploymentDescription, path: string, shape: z.ZodType<T>) => Promise<T>;

function reader(run: Run): Read {
  const agent = freshAgent();
  const find = rememberByTtl(askNames(run.environment, run.scenario.timing.probeWithinMs), run.clock);
  const { port, token } = run.environment.platform;
  return async ({ host }, path, shape) => {
    const reply = await ask(agent, {
      address: await find(host),
      port,
      host,
      method: "GET",
      path,
      token,
      withinMs: 10_000,
    });
    if (reply.status !== 200)
      throw Object.assign(new Error(reply.text.slice(0, 200)), { code: `HTTP_${reply.status}` });
    return shape.parse(JSON.parse(reply.text));
  };
}

async function readDeployment(run: Run, deployment: DeploymentDescription, read: Read): Promise<void> {
  await run.record({ process: "probe/tasks", f: "read", value: { deployment: deployment.name } }, async () => {
    try {
      const tasksSeen = await allPages(run, (offset) =>
        read(deployment, `/api/v2/dags/~/dagRuns/~/taskInstances?limit=1000&offset=${offset}`, taskPage).then(
          (page) => ({
            rows: page.task_instances.map((one) => ({ id: String(one.id), try: one.try_number, state: one.state })),
            total: page.total_entries,
          }),
        ),
      );
      const outputs = await allPages(run, (offset) =>
        read(
          deployment,
          `/api/v2/dags/~/dagRuns/~/taskInstances/~/xcomEntries?limit=1000&offset=${offset}`,
          outputPage,
        ).then((page) => ({
          rows: page.xcom_entries.map((one) => ({
            id: String(one.task_instance_id),
            try: one.try_number,
            worker: one.worker,
          })),
          total: page.total_entries,
        })),
      );
      return { tasks: tasksSeen, outputs };
    } catch (error) {
      throw new DidNotHappen(codeOf(error), undefined, { cause: error });
    }
  });
}

/** Reads pages until all rows are there; tasks go on being made meanwhile, so the first page's total is what counts. */
async function allPages<T>(
  run: Run,
  page: (offset: number) => Promise<{ rows: readonly T[]; total: number }>,
): Promise<readonly T[]> {
  const first = await page(0);
  const rows = [...first.rows];
  while (rows.length < first.total) {
    run.signal.throwIfAborted();
    const next = await page(rows.length);
    if (next.rows.length === 0) break;
    rows.push(...next.rows);
  }
  return rows;
}
