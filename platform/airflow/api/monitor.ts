import type { Statement } from "../database.ts";
import type { Route } from "../http/router.ts";
import type { Deployment } from "./deployment.ts";

/** Airflow's own threshold of 30 s (`scheduler_health_check_threshold`). */
const staleAfterMs = 30_000;

/** The health check: one look at the database. A database that does not answer makes it a 503. */
export function monitorRoutes({ database }: Deployment): Route[] {
  return [
    {
      method: "GET",
      path: "/api/v2/monitor/health",
      open: true,
      answer: async () => {
        try {
          const [job] = await database.query<{ latest: Date; age_ms: number }>(latest);
          const healthy = job !== undefined && job.age_ms <= staleAfterMs;
          return report(200, "healthy", healthy ? "healthy" : "unhealthy", job?.latest);
        } catch {
          return report(503, "unhealthy", "unhealthy", undefined);
        }
      },
    },
  ];
}

function report(status: number, database: string, scheduler: string, latest: Date | undefined) {
  const body = {
    metadatabase: { status: database },
    scheduler: { status: scheduler, latest_scheduler_heartbeat: latest ?? null },
  };
  return { status, body };
}

const latest: Statement = {
  name: "latest",
  sql: (schema) => `
    SELECT latest_heartbeat AS latest,
           (extract(epoch FROM clock_timestamp() - latest_heartbeat) * 1000)::float8 AS age_ms
    FROM ${schema}.job WHERE id = 1`,
};
