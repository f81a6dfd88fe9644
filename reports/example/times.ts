import type { Millis, Objectives, Random, Timing } from "../../harness/types.ts";

/** When what happens in the example run, in ms since it began. */
export const times = {
  steady: 9_000,
  fault: 19_020,
  /** The first moment from which nothing in the lost region answers. */
  dark: 19_150,
  confirmed: 19_620,
  detected: 21_310,
  decided: 22_320,
  requested: 22_356,
  computeReady: 32_640,
  writerPromoted: 35_910,
  podsFrom: 37_300,
  podsReady: 40_650,
  dnsMoved: 41_180,
  failedOver: 41_420,
  stock: 53_000,
  heal: 54_400,
  settle: 55_100,
  end: 61_000,
} as const satisfies Record<string, Millis>;

export const scenario = {
  name: "lose-region",
  title: "Lose the primary region",
  promise:
    "When the primary region is lost, every deployment is served from the other one within an hour, no more than five minutes of metadata are lost, and no task is.",
} as const;
export const timeScale = 30;
export const regions = { lost: "us-east-2", survivor: "us-west-2", controlPlanes: "us-east-1" } as const;
export const objectives: Objectives = {
  rtoWithinMs: 3_600_000,
  rpoDatabaseWithinMs: 300_000,
  tasksLostAtMost: 0,
  tasksRunTwiceAtMost: 0,
  tasksAliveAtLeast: 1_200,
};
export const timing: Timing = {
  steadyMs: 10_000,
  recoveryDeadlineMs: 34_000,
  stableMs: 10_000,
  settleMs: 6_000,
  probeEveryMs: 1_000,
  probeWithinMs: 900,
  downAfter: 2,
  upAfter: 3,
  upSpanMs: 2_000,
};

/** `dep-01` to `dep-80`. */
export const deploymentNames = (howMany: number): string[] =>
  Array.from({ length: howMany }, (_, n) => `dep-${String(n + 1).padStart(2, "0")}`);

/** A whole number from `low` to `high`. */
export const between = (random: Random, low: number, high: number): number =>
  Math.round(low + random.next() * (high - low));
