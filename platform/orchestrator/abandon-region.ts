import { RemoveFromGlobalClusterCommand } from "@aws-sdk/client-rds";
import type { Aws } from "../aws/clients.ts";
import { findMember } from "../aws/databases.ts";
import type { Ask } from "../converge.ts";
import { stopReplication } from "../provision/buckets.ts";
import { readLossBound, setLossBound } from "../provision/loss-bound.ts";
import { runSteps, type StepsOptions } from "./steps.ts";

export interface AbandonRecord {
  readonly cluster: string;
  readonly globalCluster: string;
  /** The region that is given up. No step calls it. */
  readonly region: string;
  readonly databaseClusterArn: string;
  /** The region that the cluster goes on living in, alone. */
  readonly survivor: string;
}

export interface AbandonTools {
  readonly aws: Aws;
  /** Whether the record names the region no more. */
  readonly isForgotten: () => boolean;
  /** Takes the region out of the record, which changes nothing that runs. */
  readonly forget: () => void;
}

export interface AbandonOptions extends StepsOptions {
  readonly record: AbandonRecord;
  readonly tools: AbandonTools;
}

export const abandonSteps = ["loss-bound", "database-member", "replication", "record"] as const;

/**
 * Gives up a region that never returns. The bound of loss goes first: it may be holding back every write of a survivor whose only standby is
 * gone. Until the record has changed, nothing is lost by beginning again.
 */
export async function abandonRegion({ record, tools, ...options }: AbandonOptions): Promise<void> {
  const asks: Record<(typeof abandonSteps)[number], Ask> = {
    "loss-bound": unbounded(record, tools),
    "database-member": removed(record, tools),
    replication: unreplicated(record, tools),
    record: async () =>
      tools.isForgotten()
        ? { done: true, detail: `the cluster lives in ${record.survivor} alone` }
        : { done: false, detail: `${record.region} is still in the record`, act: async () => tools.forget() },
  };
  await runSteps(
    abandonSteps.map((name) => ({ name, ask: asks[name] })),
    options,
  );
}

function unbounded({ cluster, survivor }: AbandonRecord, { aws }: AbandonTools): Ask {
  const rds = aws.rds(survivor);
  return async () => {
    const bound = await readLossBound(rds, cluster);
    if (bound === null) return { done: true, detail: `loss is not bounded in ${survivor}` };
    return { done: false, detail: `bounded to ${bound} s`, act: () => setLossBound(rds, cluster, null) };
  };
}

function removed({ globalCluster, databaseClusterArn, survivor }: AbandonRecord, { aws }: AbandonTools): Ask {
  const rds = aws.rds(survivor);
  const remove = new RemoveFromGlobalClusterCommand({
    GlobalClusterIdentifier: globalCluster,
    DbClusterIdentifier: databaseClusterArn,
  });
  return async () => {
    const member = await findMember(rds, globalCluster, databaseClusterArn);
    if (member === undefined) return { done: true, detail: `${databaseClusterArn} is no member of ${globalCluster}` };
    const detail = `${databaseClusterArn} is a member, ${member.SynchronizationStatus}`;
    return { done: false, detail, act: () => rds.send(remove) };
  };
}

function unreplicated({ cluster, survivor }: AbandonRecord, { aws }: AbandonTools): Ask {
  return async () => {
    await stopReplication(aws, cluster, survivor);
    return { done: true, detail: `nothing is replicated from ${survivor} any more` };
  };
}
