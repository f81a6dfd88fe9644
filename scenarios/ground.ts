import type {
  Act,
  DrillPlan,
  FailoverPlan,
  Fault,
  Millis,
  Objectives,
  Probe,
  Scenario,
  Timing,
  Workload,
} from "../harness/types.ts";
import { airflowTasks } from "../load/airflow-tasks.ts";
import { availability } from "../probes/availability.ts";
import { egress } from "../probes/egress/egress.ts";
import { images } from "../probes/images.ts";
import { ledger } from "../probes/ledger.ts";
import { objects } from "../probes/objects.ts";
import { protection } from "../probes/protection.ts";
import { reachability } from "../probes/reachability.ts";
import { replicationLag } from "../probes/replication-lag.ts";
import { schedulers } from "../probes/schedulers.ts";
import { standby } from "../probes/standby.ts";
import { tasks } from "../probes/tasks.ts";
import { witnesses } from "../probes/witnesses.ts";
import { allowedAttempts } from "./allowed-attempts.ts";
import type { PlayOptions, ScenarioInput } from "./index.ts";

/** What every scenario of this platform stands on: the same load, the same probes, the same limits and the same times. */
export const ground = (
  input: ScenarioInput,
): Pick<Scenario, "requires" | "load" | "probes" | "objectives" | "timing"> => ({
  requires: ["lose-region", "global-database", "dns", "control-plane"],
  load: [fullLoad(input)],
  probes: probesOf(input.options),
  objectives: objectivesOf(input),
  timing: timingOf(input.options),
});

const fullLoad = ({ options, workers }: ScenarioInput): Workload =>
  airflowTasks({
    tasks: workers,
    heartbeatEveryMs: options.heartbeatEveryMs,
    users: { perSecond: options.userCallsPerSecond },
    engine: options.engine,
    // Airflow's edge workers ask for work each 5 s. Faster ones would fall upon the survivor all at once when its name appears.
    pollEveryMs: 5_000,
  });

const probesOf = ({ ledgerEveryMs, ipRangesFile }: PlayOptions): readonly Probe[] => [
  reachability,
  availability,
  ledger({ everyMs: ledgerEveryMs }),
  replicationLag,
  witnesses,
  tasks,
  objects(),
  images(),
  protection,
  standby,
  schedulers,
  egress({ allowed: allowedAttempts, ipRangesFile }),
];

const objectivesOf = ({ options, tasks: tasksAlive }: ScenarioInput): Objectives => ({
  rtoWithinMs: options.rtoWithinMinutes * 60_000,
  rpoDatabaseWithinMs: options.rpoDatabaseWithinMinutes * 60_000,
  rpoObjectsWithinMs: options.rpoObjectsWithinMinutes * 60_000,
  tasksLostAtMost: 0,
  tasksRunTwiceAtMost: 0,
  tasksAliveAtLeast: tasksAlive,
});

const timingOf = (options: PlayOptions): Timing => ({
  steadyMs: options.steadyMs,
  recoveryDeadlineMs: options.recoveryDeadlineMs,
  stableMs: options.stableMs,
  settleMs: options.settleMs,
  probeEveryMs: options.probeEveryMs,
  probeWithinMs: Math.round(options.probeEveryMs * 0.8),
  downAfter: 2,
  upAfter: 3,
  upSpanMs: 2 * options.probeEveryMs,
});

/** What is read after the deadline, and the heal itself, in lab ms. */
const afterDeadlineMs = 30_000;
const hourMs = 3_600_000;

/** Real-world time after which an experiment ends whatever happens: not before the run is through with it, and never more than FIS allows. */
export const outageAtMostMs = (
  { options: { recoveryDeadlineMs, stableMs }, timeScale }: ScenarioInput,
  lifeMs: Millis = 0,
): Millis =>
  Math.min(12 * hourMs, Math.max(hourMs, (recoveryDeadlineMs + stableMs + lifeMs + afterDeadlineMs) * timeScale));

export const live = (forMs: Millis): Act => ({ act: "live", forMs });
export const breaking = (fault: Fault, ...acts: Act[]): Act => ({ act: "break", fault, acts });

/** What a scenario promises that waits for protection. */
export const protectedInTime = ({ options }: ScenarioInput): Pick<Objectives, "unprotectedWithinMs"> => ({
  unprotectedWithinMs: options.unprotectedWithinMinutes * 60_000,
});

/** Waits until the platform could lose a region again. */
export const protectedAgain = ({ options }: ScenarioInput): Act => ({
  act: "protect",
  withinMs: options.protectionDeadlineMs,
});

/** A change of region, measured: what is asked for, then waiting until all is well, then reading what the new region holds. */
export const drill = (plan: DrillPlan, asked: FailoverPlan): Act => ({
  act: "drill",
  drill: plan,
  acts: [{ act: "ask", plan: asked }, { act: "recover" }, { act: "stock" }],
});
