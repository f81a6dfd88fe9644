import type { Fault, Millis } from "../harness/types.ts";
import { cutDirection } from "./crossing.ts";

export interface CutOptions {
  /** Real-world time after which FIS ends it whatever happens. */
  readonly forAtMostMs?: Millis;
}

/** Everything that the primary region sends to the other one stays behind: database log and objects. Both regions go on answering their clients. */
export const cutReplication = ({ forAtMostMs = 3_600_000 }: CutOptions = {}): Fault => ({
  role: "fault",
  name: "cut-replication",
  plan: {
    breaks:
      "nothing crosses from the primary region to the other one: the database's standby and the replicas of objects fall behind",
    forAtMostMs,
    undoneBy: ["StopExperiment at the end of the outage", "the end of the experiment's own duration", "gameday heal"],
  },
  start(run) {
    const { lost: from, survivor: to } = run.environment.regions;
    return cutDirection(run, { process: "fault/cut-replication", action: "cut-replication", from, to, forAtMostMs });
  },
});
