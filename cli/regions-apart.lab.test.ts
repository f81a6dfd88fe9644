import { afterAll, expect, test } from "vitest";
import { type Settings, smallDaySettings } from "../bench/small-day.ts";
import type { Result } from "../harness/types.ts";
import { makePlace, outcomes, playDay } from "./testing.ts";

const place = makePlace();
afterAll(() => place[Symbol.asyncDispose]());

/** Two deployments at a hundredth of real time. What `rds.global_db_rpo` bounds is not scaled, and takes its 20 s. */
const day: Settings = {
  ...smallDaySettings,
  "lab.deployments": 2,
  "play.stableMs": 3_000,
  "play.settleMs": 3_500,
  "play.cutMs": 25_000,
  "play.recoveryDeadlineMs": 40_000,
  "play.protectionDeadlineMs": 60_000,
};
const gameday = (scenario: string, more: Settings = {}) => playDay(place, { ...day, ...more }, scenario);
const missed = (result: Pick<Result, "verdicts">): string[] =>
  Object.entries(outcomes(result)).flatMap(([checker, outcome]) => (outcome === "fail" ? [checker] : []));

test.each(["partition", "partition-one-way", "returns-mid-failover", "flapping"])(
  "%s keeps its promise",
  async (scenario) => {
    const { exitCode, result } = await gameday(scenario);
    expect(missed(result)).toEqual([]);
    expect([result.outcome, exitCode]).toEqual(["pass", 0]);
  },
);

test.each<[scenario: string, defect: Settings, checker: string]>([
  ["partition", { "lab.plant.lossBoundIgnored": true }, "single-writer"],
  ["flapping", { "lab.plant.staleSchedulerRuns": true }, "one-active-cluster"],
])("%s is seen to fail: %o", async (scenario, defect, checker) => {
  const { exitCode, result } = await gameday(scenario, defect);
  expect(missed(result)).toContain(checker);
  expect([result.outcome, exitCode]).toEqual(["fail", 1]);
});
