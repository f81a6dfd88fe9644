import type { LabConfig } from "../../fixtures/lab/config.ts";
import { lossDaySettings, type Settings, shortDaySettings } from "../small-day.ts";

export type Plant = keyof LabConfig["plant"];

/** A day that is played, and what must come of it. */
export interface Day {
  readonly scenario: string;
  readonly settings?: Settings;
  /** The checkers that must fail, and no other may. `environment`: nothing is broken, or nothing can be judged, and the program says why. */
  readonly found: readonly string[] | "environment";
  /** Those that it may take along: they fail too, or have no answer. What is not measured is not green, and chance may decide which way. */
  readonly open?: readonly string[];
}

/** A defect that is planted on purpose, in the day on which it shows. */
export interface Defect extends Day {
  readonly plant: Plant;
}

/** The smallest day of each scenario that passes. */
export const dayOf = (scenario: string): Settings =>
  scenario === "lose-primary-region" ? lossDaySettings : shortDaySettings;

/** Days without a defect: some checkers have no answer there by the scenario's nature. */
export const clean: readonly Day[] = [
  // The day ends before the old region is rebuilt; nothing was promised about that.
  { scenario: "lose-primary-region", found: [], open: ["time-unprotected"] },
  { scenario: "fail-back", found: [], open: [] },
  { scenario: "standby-lost", found: [], open: [] },
  { scenario: "replication-stalled", found: [], open: ["time-unprotected"] },
  { scenario: "interrupted-failover", found: [], open: ["time-unprotected"] },
  { scenario: "region-never-returns", found: [], open: ["time-unprotected"] },
];

const losing = "lose-primary-region";
/** What a failover waits for in vain takes half of a small day's deadline. */
const slower: Settings = { "play.recoveryDeadlineMs": 45_000 };
/** A task takes 3 to 12 s: some must be done when the region is lost, and again before stock is taken. */
export const rerun: Settings = { "play.steadyMs": 10_000, "play.stableMs": 10_000 };
/** Nobody serves: what tasks did and which logs there are is known to no one. */
const nobodyAnswers = ["tasks", "cross-store"];

export const defects: readonly Defect[] = [
  { plant: "promotionNeverEnds", scenario: losing, found: ["rto", "stages"], open: nobodyAnswers },
  {
    plant: "faultMisses",
    scenario: losing,
    found: ["fault-landed"],
    open: ["rto", "rpo-database", "rpo-objects", "rpo-images", "cross-store", "tasks", "dependencies", "stages"],
  },
  {
    plant: "linkLags",
    scenario: losing,
    // Every call between the regions takes four seconds too.
    settings: { "play.recoveryDeadlineMs": 45_000 },
    found: ["rpo-database"],
    // Objects cross in batches that wait for their answer: the bounds of what was lost lie so far apart that chance decides.
    // And the old writer, once its region is back, is asked so seldom that it may not have been tried.
    open: ["rpo-objects", "single-writer"],
  },
  {
    plant: "dnsTtlADay",
    scenario: losing,
    found: ["rto", "stages"],
    open: nobodyAnswers,
  },
  { plant: "dnsChangeLost", scenario: losing, found: ["rto", "stages"], open: nobodyAnswers },
  { plant: "oneNeverRecovers", scenario: losing, found: ["rto", "stages"], open: nobodyAnswers },
  { plant: "oneFlaps", scenario: losing, found: ["rto", "stages"], open: nobodyAnswers },
  {
    plant: "deletesNotReplicated",
    scenario: losing,
    // Objects are removed 10 s after they were put: some must have been, well before the fault.
    settings: { "play.steadyMs": 16_000, "play.rpoObjectsWithinMinutes": 5 },
    found: ["rpo-objects"],
  },
  {
    plant: "imagesHalfReplicated",
    scenario: losing,
    // One image goes in 2 s: the day is too short for the usual 9 s of the objective.
    settings: { "play.rpoObjectsWithinMinutes": 5 },
    found: ["rpo-images"],
  },
  { plant: "standbyRunsDeployment", scenario: losing, found: "environment" },
  { plant: "standbyReconcilerStopped", scenario: losing, found: "environment" },
  { plant: "standbyVariantWrong", scenario: losing, found: "environment" },
  // The platform is degraded, and clients see nothing of it until they need the standby.
  { plant: "standbyImageMissing", scenario: losing, found: ["rto", "stages"], open: nobodyAnswers },
  { plant: "standbyRoleMissing", scenario: losing, found: "environment" },
  { plant: "standbyReplicationPaused", scenario: losing, found: "environment" },
  { plant: "certificateExpired", scenario: losing, found: "environment" },
  {
    plant: "capacityShort",
    scenario: losing,
    // A node with room for one of two deployments.
    settings: { "lab.deployments": 2, "lab.tasks": 4, "lab.nodes.cpu": "1", "lab.nodes.memory": "64Gi" },
    found: "environment",
  },
  // A look-up that is not answered costs its time, and the failover goes on without.
  { plant: "parameterInLostRegion", scenario: losing, settings: slower, found: ["dependencies"] },
  { plant: "secretInLostRegion", scenario: losing, settings: slower, found: ["dependencies"] },
  { plant: "stackInLostRegion", scenario: losing, settings: slower, found: ["dependencies"] },
  {
    plant: "imagesInLostRegion",
    scenario: losing,
    found: ["dependencies", "rto", "stages"],
    // The images come back with the region, and the survivor may begin to work so late that nobody looks into the other one after that.
    open: [...nobodyAnswers, "one-active-cluster"],
  },
  { plant: "rolesInFailover", scenario: losing, found: ["dependencies"] },
  {
    plant: "fencingTimesOut",
    scenario: losing,
    settings: { "play.settleMs": 4_000 },
    found: ["single-writer"],
    open: ["one-active-cluster"],
  },
  {
    plant: "staleSchedulerRuns",
    scenario: losing,
    settings: { "play.settleMs": 4_000 },
    found: ["one-active-cluster"],
  },
  {
    plant: "finishedTasksRerun",
    scenario: losing,
    settings: rerun,
    found: ["tasks"],
  },
  { plant: "clockSteps", scenario: losing, found: ["clock"] },
  { plant: "probesBlind", scenario: losing, found: "environment" },
  // Its workers are late as well, and with them what is up again.
  { plant: "generatorLate", scenario: losing, found: ["generator"], open: ["rto", "stages", "tasks"] },
  { plant: "historyLineMissing", scenario: losing, found: "environment" },
  {
    plant: "switchoverLosesWrites",
    scenario: "fail-back",
    found: ["failback-rpo-database"],
    // What is lost may be the end of a task, which runs again. And a switchover may be over before any client fails.
    open: ["failback-tasks", "failback-stages", "single-writer"],
  },
  { plant: "lossBoundStays", scenario: "standby-lost", found: ["write-stall"] },
  { plant: "lossBoundIgnored", scenario: "replication-stalled", found: ["rpo-database"] },
  { plant: "controlPlaneForgets", scenario: "interrupted-failover", found: ["rto", "stages"], open: nobodyAnswers },
  { plant: "memberStays", scenario: "region-never-returns", found: ["given-up"] },
  { plant: "grayReachesBoth", scenario: "gray-region", found: ["rto", "stages"], open: nobodyAnswers },
];
