import type { Aws } from "../aws/clients.ts";
import { findMember } from "../aws/databases.ts";
import { readLossBound, setLossBound } from "../provision/loss-bound.ts";
import { runSteps, type StepsOptions } from "./steps.ts";

export interface LossBoundRecord {
  readonly cluster: string;
  readonly globalCluster: string;
  /** Where the writer is. */
  readonly active: string;
  /** The standby's database cluster. */
  readonly standbyArn: string;
  /** The bound that the writer is to have, in seconds, with a standby that is in step or not. */
  readonly bound: (standbyInStep: boolean) => number | null;
}

export const lossBoundSteps = ["loss-bound"] as const;

/** Lifts the bound of loss on the writer, or sets it again as soon as the standby is in step: before that it would stall every write. */
export async function changeLossBound(record: LossBoundRecord, aws: Aws, options: StepsOptions): Promise<void> {
  const { cluster, globalCluster, active, standbyArn, bound } = record;
  const rds = aws.rds(active);
  const ask = async () => {
    const member = await findMember(rds, globalCluster, standbyArn);
    const wanted = bound(member?.SynchronizationStatus === "connected");
    if (wanted !== bound(true)) {
      const seen = member?.SynchronizationStatus ?? "no member of the global cluster";
      return { done: false, detail: `waiting for the standby, which is ${seen}` } as const;
    }
    const detail = wanted === null ? `loss is not bounded in ${active}` : `loss is bounded to ${wanted} s in ${active}`;
    if ((await readLossBound(rds, cluster)) === wanted) return { done: true, detail } as const;
    return { done: false, detail: `not yet: ${detail}`, act: () => setLossBound(rds, cluster, wanted) } as const;
  };
  await runSteps([{ name: "loss-bound", ask }], options);
}
