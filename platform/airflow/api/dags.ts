import { Refused } from "../http/refused.ts";
import type { Route } from "../http/router.ts";
import { logKey } from "../logs.ts";
import { listOutputs, listRuns, listTasks } from "../records.ts";
import { continuousDag, triggerRun } from "../schedule.ts";
import type { Deployment } from "./deployment.ts";
import { pageOf } from "./page.ts";

/** The DAGs every deployment has: one that never ends, one that users trigger. */
const dags = [continuousDag, "on_demand"] as const;

/** DAG runs, task instances, their outputs and logs, as Airflow's public REST API lists them. `~` means any. */
export function dagRoutes({ settings, database, logs }: Deployment): Route[] {
  return [
    {
      method: "GET",
      path: "/api/v2/dags/:dag/dagRuns",
      answer: async ({ params: { dag = "" }, query }) => {
        const { rows, total } = await listRuns(database, known(dag), pageOf(query));
        return { status: 200, body: { dag_runs: rows, total_entries: total } };
      },
    },
    {
      method: "POST",
      path: "/api/v2/dags/:dag/dagRuns",
      answer: async ({ params: { dag = "" } }) => {
        const named = known(dag);
        if (named === undefined) throw new Refused(400, "name the DAG to run: ~ means any");
        const { run_id } = await triggerRun(database, settings, named);
        return { status: 200, body: { dag_id: named, dag_run_id: run_id, run_type: "manual", state: "running" } };
      },
    },
    {
      method: "GET",
      path: "/api/v2/dags/:dag/dagRuns/:run/taskInstances",
      answer: async ({ params: { dag = "", run = "" }, query }) => {
        const states = query.getAll("state");
        const { rows, total } = await listTasks(database, {
          dag: known(dag),
          run: run === "~" ? undefined : run,
          states: states.length === 0 ? undefined : states,
          ...pageOf(query),
        });
        return { status: 200, body: { task_instances: rows, total_entries: total } };
      },
    },
    {
      method: "GET",
      path: "/api/v2/dags/~/dagRuns/~/taskInstances/~/xcomEntries",
      answer: async ({ query }) => {
        const { rows, total } = await listOutputs(database, pageOf(query));
        return { status: 200, body: { xcom_entries: rows, total_entries: total } };
      },
    },
    {
      method: "GET",
      path: "/api/v2/dags/:dag/dagRuns/:run/taskInstances/:task/logs/:try",
      answer: async ({ params: { dag = "", run = "", task = "", try: given = "" } }) => {
        const name = { dag_id: dag, run_id: run, task_id: task, try_number: Number(given) };
        const text = await logs.read(logKey(settings.DEPLOYMENT, name));
        if (text === undefined) throw new Refused(404, `no log of try ${given} of ${task} in ${run}`);
        return { status: 200, body: { content: text } };
      },
    },
  ];
}

function known(dag: string): string | undefined {
  if (dag === "~") return undefined;
  const found = dags.find((name) => name === dag);
  if (found === undefined) throw new Refused(404, `no DAG ${dag}; there are ${dags.join(", ")}`);
  return found;
}
