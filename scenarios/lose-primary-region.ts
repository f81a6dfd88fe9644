import { checkers } from "../checkers/index.ts";
import { askControlPlane } from "../failover/control-plane.ts";
import { loseRegion } from "../faults/lose-region.ts";
import type { Scenario } from "../harness/types.ts";
import { airflowTasks } from "../load/airflow-tasks.ts";
import { availability } from "../probes/availability.ts";
import { ledger } from "../probes/ledger.ts";
import { reachability } from "../probes/reachability.ts";
import { replicationLag } from "../probes/replication-lag.ts";
import { tasks } from "../probes/tasks.ts";
import { witnesses } from "../probes/witnesses.ts";
import type { PlayOptions, ScenarioInput } from "./index.ts";

/** The region of the writer vanishes under full load; the platform must serve from the other one. */
export const losePrimaryRegion = ({ options, timeScale, tasks: tasksAlive, workers }: ScenarioInput): Scenario => ({
  name: "lose-primary-region",
  title: "Lose the primary region",
  promise:
    "When the primary region vanishes under full load, every deployment serves again from the other region within an hour, at most five minutes of metadata are lost, and no task is lost or run twice.",
  requires: ["lose-region", "global-database", "dns", "control-plane"],
  load: [
    airflowTasks({
      tasks: workers,
      heartbeatEveryMs: options.heartbeatEveryMs,
      users: { perSecond: options.userCallsPerSecond },
      engine: options.engine,
      // Airflow's edge workers ask for work each 5 s. Faster ones would fall upon the survivor all at once when its name appears.
      pollEveryMs: 5_000,
    }),
  ],
  fault: loseRegion({ forAtMostMs: outageAtMostMs(options, timeScale) }),
  failover: askControlPlane(),
  probes: [reachability, availability, ledger({ everyMs: options.ledgerEveryMs }), replicationLag, witnesses, tasks],
  checkers,
  objectives: {
    rtoWithinMs: options.rtoWithinMinutes * 60_000,
    rpoDatabaseWithinMs: options.rpoDatabaseWithinMinutes * 60_000,
    tasksLostAtMost: 0,
    tasksRunTwiceAtMost: 0,
    tasksAliveAtLeast: tasksAlive,
  },
  timing: {
    steadyMs: options.steadyMs,
    recoveryDeadlineMs: options.recoveryDeadlineMs,
    stableMs: options.stableMs,
    settleMs: options.settleMs,
    probeEveryMs: options.probeEveryMs,
    probeWithinMs: Math.round(options.probeEveryMs * 0.8),
    downAfter: 2,
    upAfter: 3,
    upSpanMs: 2 * options.probeEveryMs,
  },
});

/** What is read after the deadline, and the heal itself, in lab ms. */
const afterDeadlineMs = 30_000;
const hourMs = 3_600_000;

/** Real-world time after which the experiment ends whatever happens: not before the run is through with it, and never more than FIS allows. */
const outageAtMostMs = ({ recoveryDeadlineMs, stableMs }: PlayOptions, timeScale: number): number =>
  Math.min(12 * hourMs, Math.max(hourMs, (recoveryDeadlineMs + stableMs + afterDeadlineMs) * timeScale));
