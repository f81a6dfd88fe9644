import { findMember } from "../aws/databases.ts";
import { within } from "../clock.ts";
import type { Cluster } from "../cluster.ts";
import type { Context } from "./context.ts";
import { latestCleanUp } from "./operations.ts";
import { Problem } from "./problem.ts";
import { silenceOf } from "./silence.ts";

/** Whoever goes back needs its target to be there and rebuilt. Throws the problem that says what is not. */
export function checkTakesOver(context: Context, { id, region }: Cluster): void {
  const silence = silenceOf(context, id, region);
  const never = ifNeverReturns({ id, region });
  if (silence !== undefined) {
    throw new Problem(409, "region-unreachable", `${silence}; wait until its reports come in again. ${never}`);
  }
  const cleanUp = latestCleanUp(context, id);
  const rebuilt = cleanUp?.steps.find(({ name }) => name === "rebuilt");
  if (cleanUp !== undefined && rebuilt?.state !== "done") {
    const follow = `follow the clean-up at /v1/clusters/${id}/operations/${cleanUp.id}`;
    throw new Problem(
      409,
      "not-rebuilt",
      `${region} is not rebuilt yet (${rebuilt?.detail || "not looked at"}); ${follow}. ${never}`,
    );
  }
}

/** A failback may not lose anything: the region that it leaves tells that its target is in step. Throws the problem that says what is not. */
export async function checkInStep(context: Context, cluster: Cluster): Promise<void> {
  const { region, active_region, resources } = cluster;
  const arn = resources?.regions[region]?.databaseClusterArn ?? "";
  const asked = findMember(context.aws.rds(active_region), resources?.globalCluster ?? "", arn);
  const member = await within(context.config.callWithinMs, `RDS in ${active_region}`, asked).catch((cause: unknown) => {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new Problem(
      503,
      "database-unknown",
      `RDS in ${active_region} does not tell whether ${region} is in sync: ${said}; ask again. If ${active_region} is lost, ask with allow_data_loss`,
    );
  });
  if (member?.SynchronizationStatus !== "connected") {
    throw new Problem(
      409,
      "not-in-sync",
      `the database in ${region} is ${member?.SynchronizationStatus ?? "no member of the global cluster"}; wait until it is connected. ${ifNeverReturns(cluster)}`,
    );
  }
}

const ifNeverReturns = ({ id, region }: Pick<Cluster, "id" | "region">): string =>
  `If it never returns, DELETE /v1/clusters/${id}/regions/${region}`;
