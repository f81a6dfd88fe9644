import type { Cluster } from "../cluster.ts";
import type { Context } from "./context.ts";
import { latestOperation } from "./operations.ts";
import { protectionOf, secondaryCandidates } from "./protection.ts";

/** The record as it is shown: without its secrets, with its latest operation, how protected it is and where it could find another second region. */
export function shown(context: Context, cluster: Cluster) {
  const { database, airflow: _, ...open } = cluster;
  return {
    ...open,
    database: { user: database.user, name: database.name },
    operation: latestOperation(context, cluster.id)?.id ?? null,
    protection: protectionOf(context, cluster),
    secondary_candidates: secondaryCandidates(context, cluster),
  };
}
