import { afterAll, expect, test } from "vitest";
import { type Settings, smallDaySettings } from "../bench/small-day.ts";
import { makePlace, outcomes, playDay } from "./testing.ts";

const place = makePlace();
afterAll(() => place[Symbol.asyncDispose]());

/** A short form of every scenario: two deployments at a hundredth of real time. What `rds.global_db_rpo` bounds is not scaled, and takes its 20 s. */
const day: Settings = {
  ...smallDaySettings,
  "lab.deployments": 2,
  // Long enough to see twice what stands by.
  "play.stableMs": 4_500,
  "play.settleMs": 4_500,
  "play.lifeMs": 2_000,
  "play.cutMs": 30_000,
  "play.standbyLostMs": 24_000,
  "play.recoveryDeadlineMs": 40_000,
  "play.protectionDeadlineMs": 60_000,
};
const gameday = (scenario: string, more: Settings = {}) => playDay(place, { ...day, ...more }, scenario);
const missed = (seen: Record<string, string>): string[] =>
  Object.entries(seen).flatMap(([checker, outcome]) => (outcome === "fail" ? [checker] : []));

// `lose-primary-region`, its red days included, is played by `planted-defects.lab.test.ts`.
test.each([
  "round-trip",
  "fail-back",
  "standby-lost",
  "replication-stalled",
  "degraded-standby",
  "interrupted-failover",
  "region-never-returns",
])("%s keeps its promise", async (scenario) => {
  const { exitCode, result } = await gameday(scenario);
  expect(missed(outcomes(result))).toEqual([]);
  expect([result.outcome, exitCode]).toEqual(["pass", 0]);
});

test.each<[scenario: string, defect: Settings, checker: string]>([
  ["round-trip", { "lab.plant.switchoverLosesWrites": true }, "failback-rpo-database"],
  ["fail-back", { "lab.plant.switchoverLosesWrites": true }, "failback-rpo-database"],
  ["standby-lost", { "lab.plant.lossBoundStays": true }, "write-stall"],
  ["replication-stalled", { "lab.plant.lossBoundIgnored": true }, "rpo-database"],
  // In the standby it has no pod to be stopped: the handicap is none, and the steady-state check has nothing to refuse.
  ["degraded-standby", { "play.standbyComponent": "airflow-controller" }, "refused"],
  ["interrupted-failover", { "lab.plant.controlPlaneForgets": true }, "rto"],
  ["region-never-returns", { "lab.plant.memberStays": true }, "given-up"],
])("%s is seen to fail: %o", async (scenario, defect, checker) => {
  const { exitCode, result } = await gameday(scenario, defect);
  expect(missed(outcomes(result))).toContain(checker);
  expect([result.outcome, exitCode]).toEqual(["fail", 1]);
});
