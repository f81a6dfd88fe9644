import type { Database, Statement } from "./database.ts";
import { type Claimed, judge } from "./tasks.ts";

export interface Output {
  readonly task_instance_id: string;
  readonly try_number: number;
  readonly worker: string;
  readonly value?: unknown;
}
export interface Page {
  readonly limit: number;
  readonly offset: number;
}
export interface TaskFilter extends Page {
  /** undefined: any. */
  readonly dag: string | undefined;
  readonly run: string | undefined;
  readonly states: readonly string[] | undefined;
}
export interface TaskName {
  readonly dag_id: string;
  readonly run_id: string;
  readonly task_id: string;
}
/** One page, and how many rows there are on all pages. */
export interface Listing {
  readonly rows: readonly object[];
  readonly total: number;
}

/** Appends an output of the try that runs. From any other it is refused, so that a worker which was given up in vain leaves nothing behind. */
export async function addOutput(database: Database, output: Output): Promise<Claimed> {
  const { task_instance_id: id, try_number, worker, value = null } = output;
  const added = await database.query(insertOutput, [id, try_number, worker, JSON.stringify(value)]);
  return judge(database, { id, try_number, hostname: worker }, added);
}

export function listOutputs(database: Database, { limit, offset }: Page): Promise<Listing> {
  return list(database, outputs, [limit, offset]);
}

export function listTasks(database: Database, { dag, run, states, limit, offset }: TaskFilter): Promise<Listing> {
  return list(database, tasks, [limit, offset, dag ?? null, run ?? null, states ?? null]);
}

export function listRuns(database: Database, dag: string | undefined, { limit, offset }: Page): Promise<Listing> {
  return list(database, runs, [limit, offset, dag ?? null]);
}

export function listSchedulers(database: Database, { limit, offset }: Page): Promise<Listing> {
  return list(database, schedulers, [limit, offset]);
}

export async function nameOf(database: Database, id: string): Promise<TaskName | undefined> {
  const [found] = await database.query<TaskName>(name, [id]);
  return found;
}

async function list(database: Database, statement: Statement, values: readonly unknown[]): Promise<Listing> {
  const [found] = await database.query<{ total: number; rows: object[] }>(statement, values);
  return found ?? { rows: [], total: 0 };
}

const listing = (columns: string, source: string, order: string) => `
  SELECT (SELECT count(*)::integer FROM ${source}) AS total,
         (SELECT coalesce(json_agg(page), '[]')
          FROM (SELECT ${columns} FROM ${source} ORDER BY ${order} LIMIT $1 OFFSET $2) AS page) AS rows`;

const tasks: Statement = {
  name: "tasks",
  sql: (schema) =>
    listing(
      "id, dag_id, run_id AS dag_run_id, task_id, try_number, state, hostname, start_date, end_date, last_heartbeat_at",
      `${schema}.task_instance
       WHERE ($3::text IS NULL OR dag_id = $3) AND ($4::text IS NULL OR run_id = $4)
         AND ($5::text[] IS NULL OR state = ANY ($5))`,
      "queued_at, id",
    ),
};

const runs: Statement = {
  name: "runs",
  sql: (schema) =>
    listing(
      "dag_id, run_id AS dag_run_id, run_type, state, queued_at, end_date",
      `${schema}.dag_run WHERE ($3::text IS NULL OR dag_id = $3)`,
      "queued_at, run_id",
    ),
};

const outputs: Statement = {
  name: "outputs",
  sql: (schema) =>
    listing("task_instance_id, try_number, worker, value, timestamp", `${schema}.xcom`, "timestamp, task_instance_id"),
};

const schedulers: Statement = {
  name: "schedulers",
  sql: (schema) =>
    listing(
      "id, 'SchedulerJob' AS job_type, hostname, start_date, latest_heartbeat",
      `${schema}.scheduler`,
      "start_date, id",
    ),
};

const insertOutput: Statement = {
  name: "output",
  sql: (schema) => `
    INSERT INTO ${schema}.xcom (task_instance_id, try_number, worker, value)
    SELECT id, $2, $3, $4::jsonb FROM ${schema}.task_instance
    WHERE id = $1 AND try_number = $2 AND hostname = $3 AND state = 'running' FOR SHARE
    RETURNING 1`,
};

const name: Statement = {
  name: "name",
  sql: (schema) => `SELECT dag_id, run_id, task_id FROM ${schema}.task_instance WHERE id = $1`,
};
