import pg from "pg";
import { Counter } from "prom-client";
import { z } from "zod";
import { gather } from "../../kubernetes/gather.ts";
import { type Container, milliseconds, type RunningPlugin, readEnv } from "../settings.ts";
import { serveTelemetry } from "../telemetry.ts";

const day = 24 * 3_600_000;
const queryWithinMs = 5_000;

/** Removes runs that have ended long ago, with their tasks and outputs, from the database of every deployment, as `airflow db clean` does. */
export async function start({ env, ...place }: Container): Promise<RunningPlugin> {
  const settings = readEnv(
    "airflow-controller",
    {
      DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
      KEEP_MS: milliseconds(30 * day),
      CLEAN_EVERY_MS: milliseconds(600_000),
    },
    env,
  );
  const stopped = new AbortController();
  const { signal } = stopped;
  const telemetry = await serveTelemetry("airflow-controller", place);
  const removedRuns = new Counter({
    name: "airflow_runs_removed",
    help: "Finished runs that were removed",
    labelNames: ["deployment"],
    registers: [telemetry.registry],
  });
  const pool = new pg.Pool({
    connectionString: settings.DATABASE_URL,
    max: 1,
    connectionTimeoutMillis: queryWithinMs,
    query_timeout: queryWithinMs,
    application_name: "airflow-controller",
  });
  // An idle connection that breaks is replaced at the next turn.
  pool.on("error", () => undefined);
  let answered = false;

  const onError = (error: unknown) =>
    telemetry.log("failed", { error: error instanceof Error ? error.message : String(error) });
  const greeting = gather(
    async () => {
      await pool.query("SELECT 1");
      answered = true;
    },
    { afterMs: 0, signal, onError },
  );
  const cleaning = gather(
    async () => {
      const { rows } = await pool.query<{ schema: string }>(deployments);
      for (const { schema } of rows) {
        const { rows: gone } = await pool.query<{ runs: string }>(clean(schema), [settings.KEEP_MS]);
        const runs = Number(gone[0]?.runs ?? 0);
        if (runs === 0) continue;
        const deployment = schema.replaceAll("_", "-");
        removedRuns.inc({ deployment }, runs);
        telemetry.log("cleaned", { deployment, runs });
      }
    },
    { afterMs: 0, signal, onError },
  );
  greeting.soon();
  const again = setInterval(() => cleaning.soon(), settings.CLEAN_EVERY_MS);

  return {
    ready: () => answered,
    async stop() {
      stopped.abort();
      clearInterval(again);
      await Promise.all([greeting.idle(), cleaning.idle()]);
      await pool.end();
      await telemetry[Symbol.asyncDispose]();
    },
  };
}

/** Every deployment has a schema of its own; its tables are known by the last one that is made. */
const deployments = "SELECT schemaname AS schema FROM pg_tables WHERE tablename = 'job' ORDER BY 1";

const clean = (schema: string) => `
  WITH old AS (
    DELETE FROM ${schema}.dag_run
    WHERE state IN ('success', 'failed') AND end_date < clock_timestamp() - $1::float8 * interval '1 ms'
    RETURNING dag_id, run_id
  ), tasks AS (
    DELETE FROM ${schema}.task_instance USING old
    WHERE task_instance.dag_id = old.dag_id AND task_instance.run_id = old.run_id
    RETURNING task_instance.id
  ), outputs AS (
    DELETE FROM ${schema}.xcom USING tasks WHERE xcom.task_instance_id = tasks.id
  )
  SELECT count(*) AS runs FROM old`;
