import { DidNotHappen } from "../harness/errors.ts";
import type { Run } from "../harness/types.ts";
import { listBucket, s3In } from "./buckets.ts";
import { codeOf } from "./http.ts";

/** The log that a task's row names. */
export interface NamedLog {
  readonly deployment: string;
  readonly id: string;
  readonly try: number;
  readonly key: string;
}

interface TaskRow {
  readonly id: string | number;
  readonly dag_id: string;
  readonly dag_run_id: string;
  readonly task_id: string;
  readonly try_number: number;
}

/** Airflow's default `log_filename_template`, below a folder for the deployment. A worker writes the log before it ends the task. */
export const logOf = (deployment: string, { id, dag_id, dag_run_id, task_id, try_number }: TaskRow): NamedLog => ({
  deployment,
  id: String(id),
  try: try_number,
  key: `${deployment}/dag_id=${dag_id}/run_id=${dag_run_id}/task_id=${task_id}/attempt=${try_number}.log`,
});

/** Lists the region's bucket once and tells which of these logs it lacks; gives those too. */
export async function findLogs(run: Run, region: string, named: readonly NamedLog[]): Promise<readonly NamedLog[]> {
  const { environment } = run;
  const seen = await run.record({ process: "probe/tasks", f: "logs", value: { region } }, async () => {
    const client = s3In(environment, region);
    try {
      const listed = await listBucket(client, environment.names.bucket[region] ?? "", "", AbortSignal.timeout(30_000));
      const there = new Set(listed.map(({ key }) => belowAnyFolder(key)));
      return { named: named.length, absent: named.filter(({ key }) => !there.has(key)) };
    } catch (error) {
      throw new DidNotHappen(codeOf(error), undefined, { cause: error });
    } finally {
      client.destroy();
    }
  });
  return seen.value?.absent ?? named;
}

/** A platform may keep logs in a folder of its own: the deployment's folder and what is in it is what counts. */
const belowAnyFolder = (key: string): string => /[^/]+\/dag_id=.*$/.exec(key)?.[0] ?? key;
