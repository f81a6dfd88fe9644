import { afterAll, expect, test } from "vitest";
import { type Settings, shortDaySettings } from "../bench/small-day.ts";
import { makePlace, outcomes, playDay } from "./testing.ts";

const place = makePlace();
afterAll(() => place[Symbol.asyncDispose]());

const gameday = (scenario: string, more: Settings = {}) => playDay(place, { ...shortDaySettings, ...more }, scenario);
const missed = (seen: Record<string, string>): string[] =>
  Object.entries(seen).flatMap(([checker, outcome]) => (outcome === "fail" ? [checker] : []));

/** The platform as it must be made where it may not lean on the global control planes. */
const warm = { "lab.platform.standbyCompute": "warm" };
const withoutThem = { ...warm, "lab.platform.dnsStrategy": "health-check" };
/** Nothing is to be waited for that comes late. */
const soon = { "play.recoveryDeadlineMs": 16_000 };

// `lose-primary-region`, its red days included, is played by `planted-defects.lab.test.ts`.
test.each<[scenario: string, made?: Settings]>([
  ["round-trip"],
  ["fail-back"],
  ["standby-lost"],
  ["replication-stalled"],
  ["degraded-standby"],
  ["interrupted-failover"],
  ["region-never-returns"],
  ["lost-region-is-us-east-1", withoutThem],
  ["control-planes-out", withoutThem],
  ["gray-region"],
])("%s keeps its promise", async (scenario, made = {}) => {
  const { exitCode, result } = await gameday(scenario, made);
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
  // An alarm that waits for silence does not ring: nothing in a gray region is silent.
  ["gray-region", { "play.alarm": "silence", ...soon }, "rto"],
])("%s is seen to fail: %o", async (scenario, defect, checker) => {
  const { exitCode, result } = await gameday(scenario, defect);
  expect(missed(outcomes(result))).toContain(checker);
  expect([result.outcome, exitCode]).toEqual(["fail", 1]);
});

const waited = "the step dns waited on Route 53's control plane in us-east-1, which was";

test.each<[scenario: string, made: Settings, sentence: string]>([
  ["lost-region-is-us-east-1", warm, `${waited} lost`],
  ["control-planes-out", warm, `${waited} out`],
])("%s of a platform made with %o fails, and the report says by what", async (scenario, made, sentence) => {
  const { exitCode, result } = await gameday(scenario, { ...made, ...soon });
  expect([result.outcome, exitCode]).toEqual(["fail", 1]);
  expect(result.because).toContain(sentence);
});
