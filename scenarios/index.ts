import { z } from "zod";
import { checkers } from "../checkers/index.ts";
import type { Checker, Scenario } from "../harness/types.ts";
import { controlPlanesOutScenario } from "./control-planes-out.ts";
import { degradedStandby } from "./degraded-standby.ts";
import { failBack } from "./fail-back.ts";
import { flapping } from "./flapping.ts";
import { grayRegionScenario } from "./gray-region.ts";
import { interruptedFailover } from "./interrupted-failover.ts";
import { losePrimaryRegion } from "./lose-primary-region.ts";
import { lostRegionIsUsEast1 } from "./lost-region-is-us-east-1.ts";
import { partition, partitionOneWay } from "./partition.ts";
import { regionNeverReturns } from "./region-never-returns.ts";
import { replicationStalled } from "./replication-stalled.ts";
import { returnsMidFailover } from "./returns-mid-failover.ts";
import { roundTrip } from "./round-trip.ts";
import { standbyLost } from "./standby-lost.ts";

/** What of a scenario may be chosen from outside. Times in lab ms, except where a name says otherwise. */
export const playOptions = z
  .strictObject({
    engine: z.enum(["auto", "k6", "builtin"]).default("auto"),
    heartbeatEveryMs: z.int().min(100).default(2_000),
    userCallsPerSecond: z.int().min(0).default(20),
    steadyMs: z.int().min(1_000).default(8_000),
    recoveryDeadlineMs: z.int().min(1_000).default(90_000),
    stableMs: z.int().min(1_000).default(5_000),
    settleMs: z.int().min(0).default(4_000),
    /** How long the platform lives on the survivor before the region returns. */
    lifeMs: z.int().min(0).default(10_000),
    /** How long it may take to be protected again, from the return. */
    protectionDeadlineMs: z.int().min(1_000).default(90_000),
    /** How long nothing is replicated before the region is lost, or before somebody decides to leave it; more than `rds.global_db_rpo`, which is not scaled. */
    cutMs: z.int().min(1_000).default(40_000),
    /** How long the standby is lost; more than `rds.global_db_rpo`, or no bound would show. */
    standbyLostMs: z.int().min(1_000).default(30_000),
    /** What tells the operators of a gray region: that it falls silent, which it does not, or what its users meet. */
    alarm: z.enum(["silence", "users"]).default("users"),
    /** What of the standby is stopped where a scenario degrades it. */
    standbyComponent: z.string().min(1).default("reconciler"),
    probeEveryMs: z.int().min(100).default(1_000),
    /** One marker per deployment in this time: what a loss of metadata can be told to. */
    ledgerEveryMs: z.int().min(50).default(500),
    /** A copy of AWS's ip-ranges.json, by which raw addresses of AWS are told. */
    ipRangesFile: z.string().min(1).optional(),
    /** Limits in real-world minutes. */
    rtoWithinMinutes: z.number().positive().default(60),
    rpoObjectsWithinMinutes: z.number().positive().default(15),
    /** From the loss until a standby is in sync again, the outage itself included. */
    unprotectedWithinMinutes: z.number().positive().default(120),
    stalledWithinMinutes: z.number().positive().default(2),
    rpoDatabaseWithinMinutes: z.number().positive().default(5),
  })
  .prefault({});
export type PlayOptions = z.infer<typeof playOptions>;

export interface ScenarioInput {
  readonly options: PlayOptions;
  /** Modelled delays, and how long an experiment lasts, are divided by this. */
  readonly timeScale: number;
  readonly deployments: number;
  /** Tasks that must be alive at every moment. */
  readonly tasks: number;
  /** Workers, a few more: one that fetches its next task has none alive. */
  readonly workers: number;
}

/** A promise: how it is put to the test, and what it is judged by, also years later from the history alone. */
export interface Promised {
  readonly checkers: readonly Checker[];
  readonly make: (input: ScenarioInput) => Omit<Scenario, "checkers">;
}

const scenarios = {
  "lose-primary-region": losePrimaryRegion,
  "round-trip": roundTrip,
  "fail-back": failBack,
  "standby-lost": standbyLost,
  "replication-stalled": replicationStalled,
  "degraded-standby": degradedStandby,
  "interrupted-failover": interruptedFailover,
  "region-never-returns": regionNeverReturns,
  "lost-region-is-us-east-1": lostRegionIsUsEast1,
  "control-planes-out": controlPlanesOutScenario,
  "gray-region": grayRegionScenario,
  partition,
  "partition-one-way": partitionOneWay,
  "returns-mid-failover": returnsMidFailover,
  flapping,
} satisfies Record<string, Promised>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as [ScenarioName, ...ScenarioName[]];
export const makeScenario = (name: ScenarioName, input: ScenarioInput): Scenario => {
  const { make, checkers: judges } = scenarios[name];
  return { ...make(input), checkers: judges };
};

/** What a scenario of that name is judged by; one that is not known any more, by what any loss of a region is. */
export const checkersOf = (name: string): readonly Checker[] =>
  (scenarios as Readonly<Record<string, Promised>>)[name]?.checkers ?? checkers;
