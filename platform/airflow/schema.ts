import type { Database, Statement } from "./database.ts";

const present: Statement = {
  name: "present",
  // The job row is written last, so it vouches for everything before it.
  sql: (schema) => `SELECT to_regclass('${schema}.job') IS NOT NULL AS present`,
};

/** Makes the deployment's tables where they are missing; cheap when they are there. */
export async function ensureSchema(database: Database): Promise<void> {
  const [found] = await database.query<{ present: boolean }>(present);
  if (found?.present) return;
  await database.run(tables(database.schema));
}

/**
 * `xcom` has no unique constraint on purpose: a task that ran twice must leave two rows.
 * `last_heartbeat_at` is in no index and pages keep room, so a heartbeat rewrites one heap tuple and nothing else. `job` holds what all
 * schedulers share, `scheduler` one row for each that was ever started.
 */
const tables = (schema: string) => `
  BEGIN;
  CREATE SCHEMA IF NOT EXISTS ${schema};
  CREATE TABLE IF NOT EXISTS ${schema}.variable (
    key text PRIMARY KEY,
    value text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE TABLE IF NOT EXISTS ${schema}.dag_run (
    dag_id text NOT NULL,
    run_id text NOT NULL,
    run_type text NOT NULL,
    state text NOT NULL,
    queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    end_date timestamptz,
    PRIMARY KEY (dag_id, run_id)
  );
  CREATE TABLE IF NOT EXISTS ${schema}.task_instance (
    id text PRIMARY KEY,
    dag_id text NOT NULL,
    run_id text NOT NULL,
    task_id text NOT NULL,
    try_number integer NOT NULL,
    state text NOT NULL,
    hostname text,
    duration_ms integer NOT NULL,
    queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    claimed_at timestamptz,
    start_date timestamptz,
    end_date timestamptz,
    last_heartbeat_at timestamptz
  ) WITH (fillfactor = 50);
  CREATE INDEX IF NOT EXISTS task_instance_live ON ${schema}.task_instance (state, queued_at)
    WHERE state IN ('queued', 'running');
  CREATE TABLE IF NOT EXISTS ${schema}.xcom (
    task_instance_id text NOT NULL,
    try_number integer NOT NULL,
    worker text NOT NULL,
    value jsonb,
    timestamp timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE TABLE IF NOT EXISTS ${schema}.scheduler (
    id text PRIMARY KEY,
    hostname text NOT NULL,
    start_date timestamptz NOT NULL DEFAULT clock_timestamp(),
    latest_heartbeat timestamptz NOT NULL DEFAULT clock_timestamp()
  ) WITH (fillfactor = 50);
  CREATE TABLE IF NOT EXISTS ${schema}.job (
    id integer PRIMARY KEY,
    latest_heartbeat timestamptz NOT NULL,
    runs bigint NOT NULL
  );
  INSERT INTO ${schema}.job VALUES (1, clock_timestamp(), 0) ON CONFLICT DO NOTHING;
  COMMIT;
`;
