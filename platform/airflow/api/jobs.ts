import type { Route } from "../http/router.ts";
import { listSchedulers } from "../records.ts";
import type { Deployment } from "./deployment.ts";
import { pageOf } from "./page.ts";

const schedulers = "SchedulerJob";

/** The jobs of a deployment, as Airflow lists them: here its schedulers, those that are gone too. */
export function jobRoutes({ database }: Deployment): Route[] {
  return [
    {
      method: "GET",
      path: "/api/v2/jobs",
      answer: async ({ query }) => {
        const isOther = (query.get("job_type") ?? schedulers) !== schedulers;
        const { rows, total } = isOther ? { rows: [], total: 0 } : await listSchedulers(database, pageOf(query));
        return { status: 200, body: { jobs: rows, total_entries: total } };
      },
    },
  ];
}
