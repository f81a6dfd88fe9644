import type { Checker } from "../harness/types.ts";
import { inDrill } from "./drill.ts";
import { faultLanded } from "./fault-landed.ts";
import { generator } from "./generator.ts";
import { probes } from "./probes.ts";
import { rpoDatabase } from "./rpo-database.ts";
import { rto } from "./rto.ts";
import { stages } from "./stages.ts";
import { steadyState } from "./steady-state.ts";
import { tasksChecker } from "./tasks.ts";

/** Whether a run can be believed in which no region is lost. */
const validity: readonly Checker[] = [steadyState, probes(), generator()];
/** Nobody witnesses a recovery where nothing moves. */
const validityAtRest: readonly Checker[] = [
  steadyState,
  probes({ expected: ["probe/availability", "probe/ledger"] }),
  generator(),
];
const failback: readonly Checker[] = [rto, rpoDatabase, tasksChecker(), stages].map((one) => inDrill("failback", one));

/** What a regional failover is judged by: whether the run can be believed, then what it promised, then what explains it. */
export const checkers: readonly Checker[] = [
  steadyState,
  faultLanded(),
  probes(),
  generator(),
  rto,
  rpoDatabase,
  tasksChecker(),
  stages,
];

export const roundTripCheckers: readonly Checker[] = [...checkers, ...failback];
export const failBackCheckers: readonly Checker[] = [...validity, ...failback];
export const standbyLostCheckers: readonly Checker[] = [...validityAtRest, faultLanded({ shareAtLeast: 0 })];
export const replicationStalledCheckers: readonly Checker[] = checkers;
export const degradedStandbyCheckers: readonly Checker[] = validityAtRest;
export const regionNeverReturnsCheckers: readonly Checker[] = checkers;
