import type { Database, Statement } from "./database.ts";

/** What a worker is given to do. */
export interface Job {
  readonly id: string;
  readonly dag_id: string;
  readonly run_id: string;
  readonly task_id: string;
  readonly try_number: number;
  readonly duration_ms: number;
}

/** One try of a task on one worker: what every write of a worker must prove to still be. */
export interface Attempt {
  readonly id: string;
  readonly try_number: number;
  readonly hostname: string;
}

/** `stale`: another try or worker owns the task now, or it has ended. */
export type Claimed = "ok" | "stale" | "missing";

/** The oldest queued task, now claimed by the worker. Asking again before it runs gives the same one, so a lost answer loses nothing. */
export async function claimJob(database: Database, worker: string, claimMs: number): Promise<Job | undefined> {
  const [job] = await database.query<Job>(claim, [worker, claimMs]);
  return job;
}

/** Begins the attempt; saying so twice is the same as once. */
export async function runTask(database: Database, attempt: Attempt): Promise<Claimed> {
  return judge(database, attempt, await database.query(run, [attempt.id, attempt.try_number, attempt.hostname]));
}

/** `isGone`: whoever sent it has given up waiting, so it need not be written any more. */
export async function heartbeat(database: Database, attempt: Attempt, isGone?: () => boolean): Promise<Claimed> {
  const { id, try_number, hostname } = attempt;
  if ((await database.change(beat, [id, try_number, hostname], isGone)) > 0) return "ok";
  return isGone?.() ? "stale" : standing(database, attempt);
}

/** Ends the attempt. A failed one is queued for its next try while tries are left. */
export async function finishTask(
  database: Database,
  attempt: Attempt,
  state: "success" | "failed",
  maxTries: number,
): Promise<Claimed> {
  const ended = await database.query(finish, [attempt.id, attempt.try_number, attempt.hostname, state, maxTries]);
  if (ended.length > 0) return "ok";
  const [found] = await database.query<Attempt & { state: string }>(look, [attempt.id]);
  if (found === undefined) return "missing";
  const already =
    found.try_number === attempt.try_number && found.hostname === attempt.hostname && found.state === state;
  return already ? "ok" : "stale";
}

/** What it means that an attempt changed these rows, or none. */
export async function judge(database: Database, attempt: Attempt, changed: readonly unknown[]): Promise<Claimed> {
  return changed.length > 0 ? "ok" : standing(database, attempt);
}

async function standing(database: Database, attempt: Attempt): Promise<"stale" | "missing"> {
  const found = await database.query(look, [attempt.id]);
  return found.length > 0 ? "stale" : "missing";
}

const claim: Statement = {
  name: "claim",
  sql: (schema) => `
    UPDATE ${schema}.task_instance SET hostname = $1, claimed_at = clock_timestamp()
    WHERE id = (
      SELECT id FROM ${schema}.task_instance
      WHERE state = 'queued'
        AND (hostname IS NULL OR hostname = $1 OR claimed_at < clock_timestamp() - $2::integer * interval '1 ms')
      ORDER BY hostname = $1 NULLS LAST, queued_at
      LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING id, dag_id, run_id, task_id, try_number, duration_ms`,
};

const run: Statement = {
  name: "run",
  sql: (schema) => `
    UPDATE ${schema}.task_instance
    SET state = 'running', hostname = $3, last_heartbeat_at = clock_timestamp(),
        start_date = CASE WHEN state = 'queued' THEN clock_timestamp() ELSE start_date END
    WHERE id = $1 AND try_number = $2 AND (
      (state = 'queued' AND (hostname IS NULL OR hostname = $3)) OR (state = 'running' AND hostname = $3)
    )
    RETURNING 1`,
};

const beat: Statement = {
  name: "beat",
  sql: (schema) => `
    UPDATE ${schema}.task_instance SET last_heartbeat_at = clock_timestamp()
    WHERE id = $1 AND try_number = $2 AND hostname = $3 AND state = 'running'`,
};

const finish: Statement = {
  name: "finish",
  sql: (schema) => `
    WITH ended AS (
      UPDATE ${schema}.task_instance
      SET state = CASE WHEN $4 = 'failed' AND try_number < $5 THEN 'queued' ELSE $4 END,
          try_number = CASE WHEN $4 = 'failed' AND try_number < $5 THEN try_number + 1 ELSE try_number END,
          hostname = CASE WHEN $4 = 'failed' AND try_number < $5 THEN NULL ELSE hostname END,
          end_date = clock_timestamp(), claimed_at = NULL
      WHERE id = $1 AND try_number = $2 AND hostname = $3 AND state = 'running'
      RETURNING dag_id, run_id, state
    ), ended_run AS (
      UPDATE ${schema}.dag_run SET state = ended.state, end_date = clock_timestamp() FROM ended
      WHERE dag_run.dag_id = ended.dag_id AND dag_run.run_id = ended.run_id AND ended.state <> 'queued'
    )
    SELECT state FROM ended`,
};

const look: Statement = {
  name: "look",
  sql: (schema) => `SELECT id, try_number, hostname, state FROM ${schema}.task_instance WHERE id = $1`,
};
