import { createHash, randomUUID } from "node:crypto";
import type { Database, Statement } from "./database.ts";
import type { Settings } from "./settings.ts";

/** The scheduler's two duties. */
export interface Schedule {
  /** Queues tasks of the continuous DAG until `MAX_ACTIVE_TASKS` are queued or running, and writes the scheduler's own heartbeat. */
  fill(): Promise<void>;
  /** Gives tasks whose worker has fallen silent their next try, or fails them when none is left. */
  requeueLost(): Promise<void>;
}

/** One start of a scheduler. */
export interface SchedulerJob {
  readonly id: string;
  readonly hostname: string;
}

export const continuousDag = "continuous";

export function scheduleOf(database: Database, settings: Settings, { id, hostname }: SchedulerJob): Schedule {
  return {
    async fill() {
      const [seen] = await database.query<{ runs: string; live: string }>(tick, [id, hostname]);
      if (seen === undefined) throw new Error(`schema ${database.schema} has no scheduler row`);
      const room = settings.MAX_ACTIVE_TASKS - Number(seen.live);
      if (room <= 0) return;
      const first = Number(seen.runs);
      const durations = Array.from({ length: room }, (_, index) => durationMs(settings, first + index));
      const ids = durations.map(() => randomUUID());
      await database.query(enqueue, [first, room, ids, durations, continuousDag, "scheduled"]);
    },
    async requeueLost() {
      await database.query(lost, [settings.HEARTBEAT_TIMEOUT_MS, settings.MAX_TRIES]);
    },
  };
}

/** Queues one task that a user asked for. */
export async function triggerRun(database: Database, settings: Settings, dag: string): Promise<{ run_id: string }> {
  const id = randomUUID();
  await database.query(trigger, [id, dag, durationMs(settings, id)]);
  return { run_id: `manual__${id}` };
}

/** Same seed, deployment and run: same duration. */
export function durationMs(settings: Settings, run: number | string): number {
  const dice = createHash("sha256").update(`${settings.SEED}/${settings.DEPLOYMENT}/${run}`).digest();
  const span = settings.TASK_DURATION_MAX_MS - settings.TASK_DURATION_MIN_MS;
  return Math.round(settings.TASK_DURATION_MIN_MS + (dice.readUInt32BE(0) / 2 ** 32) * span);
}

const tick: Statement = {
  name: "tick",
  sql: (schema) => `
    WITH beat AS (UPDATE ${schema}.job SET latest_heartbeat = clock_timestamp() WHERE id = 1 RETURNING runs),
    own AS (
      INSERT INTO ${schema}.scheduler (id, hostname) VALUES ($1, $2)
      ON CONFLICT (id) DO UPDATE SET latest_heartbeat = clock_timestamp()
    )
    SELECT beat.runs, (SELECT count(*) FROM ${schema}.task_instance WHERE state IN ('queued', 'running')) AS live
    FROM beat`,
};

// Only the scheduler that still sees the count of runs it read may add to it, so two schedulers never fill the same room twice.
const enqueue: Statement = {
  name: "enqueue",
  sql: (schema) => `
    WITH turn AS (
      UPDATE ${schema}.job SET runs = runs + $2 WHERE id = 1 AND runs = $1 RETURNING 1
    ), fresh AS (
      SELECT id, duration_ms, $6 || '__' || id AS run_id
      FROM turn, unnest($3::text[], $4::integer[]) AS given (id, duration_ms)
    ), run AS (
      INSERT INTO ${schema}.dag_run (dag_id, run_id, run_type, state) SELECT $5, run_id, $6, 'running' FROM fresh
    )
    INSERT INTO ${schema}.task_instance (id, dag_id, run_id, task_id, try_number, state, duration_ms)
    SELECT id, $5, run_id, 'work', 1, 'queued', duration_ms FROM fresh`,
};

const trigger: Statement = {
  name: "trigger",
  sql: (schema) => `
    WITH run AS (
      INSERT INTO ${schema}.dag_run (dag_id, run_id, run_type, state) VALUES ($2, 'manual__' || $1, 'manual', 'running')
    )
    INSERT INTO ${schema}.task_instance (id, dag_id, run_id, task_id, try_number, state, duration_ms)
    VALUES ($1, $2, 'manual__' || $1, 'work', 1, 'queued', $3)`,
};

const lost: Statement = {
  name: "lost",
  sql: (schema) => `
    WITH silent AS (
      UPDATE ${schema}.task_instance
      SET state = CASE WHEN try_number < $2 THEN 'queued' ELSE 'failed' END,
          try_number = CASE WHEN try_number < $2 THEN try_number + 1 ELSE try_number END,
          end_date = CASE WHEN try_number < $2 THEN NULL ELSE clock_timestamp() END,
          queued_at = clock_timestamp(), hostname = NULL, claimed_at = NULL
      WHERE state = 'running' AND last_heartbeat_at < clock_timestamp() - $1::integer * interval '1 ms'
      RETURNING dag_id, run_id, state
    )
    UPDATE ${schema}.dag_run SET state = 'failed', end_date = clock_timestamp() FROM silent
    WHERE dag_run.dag_id = silent.dag_id AND dag_run.run_id = silent.run_id AND silent.state = 'failed'`,
};
