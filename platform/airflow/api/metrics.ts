import { Counter, Gauge, type OpenMetricsContentType, Registry } from "prom-client";
import type { Database, Statement } from "../database.ts";
import type { Route } from "../http/router.ts";

/** A deployment's metrics, as OpenMetrics at `/metrics`. */
export interface Metrics {
  readonly routes: readonly Route[];
  /** The same database, whose failures are counted. */
  readonly database: Database;
}

export function metricsOf(database: Database): Metrics {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry];
  const tasks = new Gauge({ name: "airflow_tasks", help: "Tasks by state", labelNames: ["state"], registers });
  const age = new Gauge({
    name: "airflow_scheduler_heartbeat_age_seconds",
    help: "Time since the scheduler's last heartbeat",
    registers,
  });
  const errors = new Counter({ name: "airflow_database_errors", help: "Statements that failed", registers });
  const counting = <T>(work: Promise<T>): Promise<T> => {
    work.catch(() => errors.inc());
    return work;
  };
  const counted: Database = {
    ...database,
    query: (statement, values) => counting(database.query(statement, values)),
    change: (statement, values, isGone) => counting(database.change(statement, values, isGone)),
  };
  const page: Route = {
    method: "GET",
    path: "/metrics",
    open: true,
    answer: async () => {
      // A database that fails leaves the last values, and shows in the count of errors.
      const [seen] = await counted.query<{ running: number; queued: number; age: number }>(look).catch(() => []);
      if (seen !== undefined) {
        tasks.set({ state: "running" }, seen.running);
        tasks.set({ state: "queued" }, seen.queued);
        age.set(seen.age);
      }
      return { status: 200, body: await registry.metrics(), type: registry.contentType };
    },
  };
  return { routes: [page], database: counted };
}

const look: Statement = {
  name: "metrics",
  sql: (schema) => `
    SELECT (SELECT count(*) FROM ${schema}.task_instance WHERE state = 'running')::integer AS running,
           (SELECT count(*) FROM ${schema}.task_instance WHERE state = 'queued')::integer AS queued,
           extract(epoch FROM clock_timestamp() - latest_heartbeat)::float8 AS age
    FROM ${schema}.job WHERE id = 1`,
};
