import type { Checker } from "../harness/types.ts";
import { clock } from "./clock.ts";
import { crossStore } from "./cross-store.ts";
import { dependencies } from "./dependencies.ts";
import { inDrill } from "./drill.ts";
import { faultLanded } from "./fault-landed.ts";
import { generator } from "./generator.ts";
import { givenUp } from "./given-up.ts";
import { oneActiveCluster } from "./one-active-cluster.ts";
import { probes } from "./probes.ts";
import { refused } from "./refused.ts";
import { rpoDatabase } from "./rpo-database.ts";
import { rpoImages } from "./rpo-images.ts";
import { rpoObjects } from "./rpo-objects.ts";
import { rto } from "./rto.ts";
import { singleWriter } from "./single-writer.ts";
import { stages } from "./stages.ts";
import { standbyComposition } from "./standby-composition.ts";
import { steadyState } from "./steady-state.ts";
import { tasksChecker } from "./tasks.ts";
import { timeUnprotected } from "./time-unprotected.ts";
import { undisturbed } from "./undisturbed.ts";
import { writeStall } from "./write-stall.ts";

/** Whether a run can be believed in which no region is lost. */
const validity: readonly Checker[] = [steadyState, probes(), generator(), clock()];
/** Nobody witnesses a recovery where nothing moves. */
const validityAtRest: readonly Checker[] = [
  steadyState,
  probes({ expected: ["probe/availability", "probe/ledger"] }),
  generator(),
  clock(),
];
/** What a change of region is asked: how long, how much was lost of each kind of state, and whether what is left agrees. */
const drill: readonly Checker[] = [rto, rpoDatabase, tasksChecker(), rpoObjects, rpoImages, crossStore];
const failback: readonly Checker[] = [...drill, stages].map((one) => inDrill("failback", one));

/** What must hold at every moment of a run, whatever is done to the platform. */
const invariants: readonly Checker[] = [singleWriter, oneActiveCluster];

/** What a regional failover is judged by: whether the run can be believed, then what it promised, then what explains it. */
const afterLoss = (landed: Checker): readonly Checker[] => [
  steadyState,
  landed,
  probes(),
  generator(),
  clock(),
  ...drill,
  ...invariants,
  standbyComposition,
  timeUnprotected,
  dependencies,
  stages,
];
export const checkers: readonly Checker[] = afterLoss(faultLanded());

/** Where nothing could be committed before the loss, no task could live: nothing is asked of them. */
export const replicationStalledCheckers: readonly Checker[] = checkers.filter(({ name }) => name !== "tasks");
export const roundTripCheckers: readonly Checker[] = [...checkers, ...failback];
export const failBackCheckers: readonly Checker[] = [...validity, ...invariants, standbyComposition, ...failback];
export const standbyLostCheckers: readonly Checker[] = [
  ...validityAtRest,
  faultLanded({ shareAtLeast: 0 }),
  writeStall,
  ...invariants,
  standbyComposition,
  timeUnprotected,
  dependencies,
];
export const degradedStandbyCheckers: readonly Checker[] = [...validityAtRest, refused];
export const controlPlanesOutCheckers: readonly Checker[] = [...checkers, undisturbed];
/** Nothing in a gray region is silent, so an answer from it proves nothing. */
export const grayRegionCheckers: readonly Checker[] = checkers.map((one) =>
  one.name === "fault-landed" ? faultLanded({ how: "gray" }) : one,
);
export const regionNeverReturnsCheckers: readonly Checker[] = [...checkers, givenUp];
export const returnsMidFailoverCheckers: readonly Checker[] = afterLoss(faultLanded({ healedMidway: true }));
export const flappingCheckers: readonly Checker[] = afterLoss(faultLanded({ times: 3 }));
/** Nobody is down before somebody asks for the move. What could not be committed since the bound was reached could not live either: nothing is asked of tasks. */
export const partitionCheckers: readonly Checker[] = [
  ...validity,
  faultLanded({ shareAtLeast: 0, how: "apart" }),
  ...[...drill, stages].filter(({ name }) => name !== "tasks").map((one) => inDrill("failover", one)),
  ...invariants,
  standbyComposition,
];
