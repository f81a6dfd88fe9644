import { z } from "zod";
import { DidNotHappen } from "../harness/errors.ts";
import type { DeploymentDescription, Probe, Run } from "../harness/types.ts";
import { ask, codeOf, freshAgent } from "./http.ts";
import { findLogs, logOf, type NamedLog } from "./logs.ts";
import { askChain, rememberByTtl } from "./names.ts";

const taskPage = z.object({
  task_instances: z.array(
    z.object({
      id: z.union([z.string(), z.number()]),
      dag_id: z.string(),
      dag_run_id: z.string(),
      task_id: z.string(),
      try_number: z.number(),
      state: z.string().nullable(),
    }),
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

/**
 * Reads from each deployment what became of its tasks, and what they put out, once the platform has recovered; and looks for the log that
 * each finished task names in the region's bucket. The end looks again for those that were not there.
 */
export const tasks: Probe = {
  role: "probe",
  name: "tasks",
  async start(run) {
    const missed = new Map<string, readonly NamedLog[]>();
    return {
      takeStock: async (region) => {
        const read = reader(run);
        const named = await Promise.all(
          run.environment.platform.deployments.map((deployment) => readDeployment(run, deployment, read)),
        );
        missed.set(region, await findLogs(run, region, named.flat()));
      },
      async [Symbol.asyncDispose]() {
        if (run.signal.aborted) return;
        for (const [region, logs] of missed) if (logs.length > 0) await findLogs(run, region, logs);
      },
    };
  },
};

type Read = <T>(deployment: DeploymentDescription, path: string, shape: z.ZodType<T>) => Promise<T>;

function reader(run: Run): Read {
  const agent = freshAgent();
  const find = rememberByTtl(askChain(run.environment, run.scenario.timing.probeWithinMs), run.clock);
  const { port, token } = run.environment.platform;
  return async ({ host }, path, shape) => {
    const address = await find(host);
    const question = { address, port, host, method: "GET", path, token, withinMs: 10_000 } as const;
    const reply = await ask(agent, question, run.clock);
    if (reply.status !== 200)
      throw Object.assign(new Error(reply.text.slice(0, 200)), { code: `HTTP_${reply.status}` });
    return shape.parse(JSON.parse(reply.text));
  };
}

async function readDeployment(run: Run, deployment: DeploymentDescription, read: Read): Promise<NamedLog[]> {
  const logs: NamedLog[] = [];
  await run.record({ process: "probe/tasks", f: "read", value: { deployment: deployment.name } }, async () => {
    try {
      const rows = await allPages(run, (offset) =>
        read(deployment, `/api/v2/dags/~/dagRuns/~/taskInstances?limit=1000&offset=${offset}`, taskPage).then(
          (page) => ({ rows: page.task_instances, total: page.total_entries }),
        ),
      );
      const tasksSeen = rows.map((one) => ({ id: String(one.id), try: one.try_number, state: one.state }));
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
      logs.push(...rows.filter(({ state }) => state === "success").map((row) => logOf(deployment.name, row)));
      return { tasks: tasksSeen, outputs };
    } catch (error) {
      throw new DidNotHappen(codeOf(error), undefined, { cause: error });
    }
  });
  return logs;
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
