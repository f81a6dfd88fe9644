import type { Cluster } from "../cluster.ts";
import { secondaryCandidates } from "./clusters.ts";
import type { Context } from "./context.ts";
import { latestOperation } from "./operations.ts";

/** The record as it is shown: without its secrets, with its latest operation and where it could find another second region. */
export function shown(context: Context, cluster: Cluster) {
  const { database, airflow: _, ...open } = cluster;
  return {
    ...open,
    database: { user: database.user, name: database.name },
    operation: latestOperation(context, cluster.id)?.id ?? null,
    secondary_candidates: secondaryCandidates(context, cluster),
  };
}
