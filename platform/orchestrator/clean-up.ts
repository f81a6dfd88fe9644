import type { Aws } from "../aws/clients.ts";
import { findMember, resynchronized } from "../aws/databases.ts";
import { copySnapshot, rescueSnapshots } from "../aws/snapshots.ts";
import type { StandbyCompute } from "../cluster.ts";
import type { Ask } from "../converge.ts";
import { readLossBound, setLossBound } from "../provision/loss-bound.ts";
import { computeAsk } from "./compute.ts";
import { runSteps, type StepsOptions } from "./steps.ts";

export interface CleanUpRecord {
  readonly cluster: string;
  readonly globalCluster: string;
  /** Where the cluster lives now. */
  readonly active: CleanUpRegion;
  /** The region that becomes its standby. */
  readonly inactive: CleanUpRegion;
  /** Whether the standby keeps its compute. */
  readonly standbyCompute: StandbyCompute;
  /** When the failover began that left the inactive region, wall ms; null after a switchover, which leaves nothing to rebuild. */
  readonly rebuiltSinceMs: number | null;
}
export interface CleanUpRegion {
  readonly region: string;
  readonly databaseCluster: string;
  readonly databaseClusterArn: string;
  readonly databaseInstance: string;
  readonly stack: string;
}

export interface CleanUpTools {
  readonly aws: Aws;
  /** Why nothing can be asked in the region, or undefined when its own reports come in. */
  readonly silence: (region: string) => string | undefined;
  /** The bound of loss that the region is to have now, in seconds. */
  readonly lossBoundIn: (region: string) => number | null;
}

export interface CleanUpOptions extends StepsOptions {
  readonly record: CleanUpRecord;
  readonly tools: CleanUpTools;
}

export const cleanUpSteps = ["rebuilt", "rescue-snapshot", "standby-compute"] as const;

/**
 * Makes the region that was left the standby again, outside the time that a failover takes. In this order, because compute that goes while the
 * region is rebuilt races the rebuild, and the snapshot of the old volume expires. It waits as long as the region is lost and does not call it.
 */
export async function cleanUp({ record, tools, ...options }: CleanUpOptions): Promise<void> {
  const asks: Record<(typeof cleanUpSteps)[number], Ask> = {
    rebuilt: rebuilt(record, tools),
    "rescue-snapshot": heard(record, tools, rescued(record, tools)),
    "standby-compute": heard(record, tools, standbyCompute(record, tools)),
  };
  await runSteps(
    cleanUpSteps.map((name) => ({ name, ask: asks[name] })),
    options,
  );
}

/** Done when the survivor's RDS has the region in step, and the region's own RDS has finished its rebuild. */
function rebuilt(
  { globalCluster, active, inactive, rebuiltSinceMs }: CleanUpRecord,
  { aws, silence }: CleanUpTools,
): Ask {
  const { region, databaseCluster, databaseClusterArn } = inactive;
  return async () => {
    const silent = silence(region);
    const member = await findMember(aws.rds(active.region), globalCluster, databaseClusterArn);
    if (member === undefined) return { done: false, detail: `${region} is no member of ${globalCluster} any more` };
    const seen = `its database is ${member.SynchronizationStatus ?? "of unknown state"}`;
    if (silent !== undefined) return { done: false, detail: `${silent}; ${seen}` };
    if (rebuiltSinceMs === null) return { done: member.SynchronizationStatus === "connected", detail: seen };
    const event = await resynchronized(aws.rds(region), databaseCluster, rebuiltSinceMs);
    const detail = `${region} is heard again, ${seen}${event === undefined ? "" : `; ${event.message}`}`;
    return { done: member.SynchronizationStatus === "connected" && event?.finished === true, detail };
  };
}

/** Keeps what only the old volume still holds: RDS takes its own snapshot of it away after a while. */
function rescued({ active, inactive }: CleanUpRecord, { aws }: CleanUpTools): Ask {
  return async () => {
    const copies: string[] = [];
    for (const { region, databaseCluster } of [inactive, active]) {
      const rds = aws.rds(region);
      for (const { source, copy, status } of await rescueSnapshots(rds, databaseCluster)) {
        if (status === undefined)
          return {
            done: false,
            detail: `${source} in ${region} is not copied`,
            act: () => copySnapshot(rds, source, copy),
          };
        if (status !== "available") return { done: false, detail: `${copy} in ${region} is ${status}` };
        copies.push(`${copy} in ${region}`);
      }
    }
    return { done: true, detail: copies.length === 0 ? "nothing was left to rescue" : `kept as ${copies.join(", ")}` };
  };
}

/** Takes compute away from a headless standby, or sees that a warm one has its own; as the last act, puts the bound of loss to where the writer is now. */
function standbyCompute(
  { cluster, active, inactive, standbyCompute: wanted }: CleanUpRecord,
  { aws, lossBoundIn }: CleanUpTools,
): Ask {
  const compute = computeAsk(aws, { ...inactive, enabled: wanted === "warm" });
  return async () => {
    const seen = await compute();
    if (!seen.done) return seen;
    const bounds: string[] = [];
    for (const { region } of [inactive, active]) {
      const rds = aws.rds(region);
      const wanted = lossBoundIn(region);
      const detail = `loss is ${wanted === null ? "not bounded" : `bounded to ${wanted} s`} in ${region}`;
      if ((await readLossBound(rds, cluster)) !== wanted)
        return {
          done: false,
          detail: `${seen.detail}; not yet: ${detail}`,
          act: () => setLossBound(rds, cluster, wanted),
        };
      bounds.push(detail);
    }
    return { done: true, detail: `${seen.detail}; ${bounds.join(", ")}` };
  };
}

/** A region that is lost a second time is not called either. */
function heard({ inactive }: CleanUpRecord, { silence }: CleanUpTools, ask: Ask): Ask {
  return async () => {
    const silent = silence(inactive.region);
    return silent === undefined ? ask() : { done: false, detail: silent };
  };
}
