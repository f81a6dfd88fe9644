import { afterAll, expect, test } from "vitest";
import { compare } from "../bench/ledger-truth.ts";
import { rerun } from "../bench/matrix/defects.ts";
import { lossDaySettings, playSmallDay, type Settings } from "../bench/small-day.ts";
import { makePlace, outcomes, playDay } from "./testing.ts";

const place = makePlace();
afterAll(() => place[Symbol.asyncDispose]());

const gameday = (more: Settings) => playDay(place, { ...lossDaySettings, ...more });

/** By checker. What a defect makes unknowable is unknown, and says so; nothing else may change. */
const allPass = {
  "steady-state": "pass",
  "fault-landed": "pass",
  probes: "pass",
  generator: "pass",
  clock: "pass",
  rto: "pass",
  "rpo-database": "pass",
  tasks: "pass",
  "rpo-objects": "pass",
  "rpo-images": "pass",
  "cross-store": "pass",
  "single-writer": "pass",
  "one-active-cluster": "pass",
  "standby-composition": "pass",
  // The day ends before the old region is rebuilt; nothing was promised about that.
  "time-unprotected": "unknown",
  dependencies: "pass",
  stages: "pass",
};

/** A longer day may see the old region rebuilt. */
const mayBeProtected = { "time-unprotected": expect.stringMatching(/^(pass|unknown)$/) };

test("without a defect every checker passes", async () => {
  const { exitCode, result } = await gameday({});
  expect(outcomes(result)).toEqual(allPass);
  expect([result.outcome, exitCode]).toEqual(["pass", 0]);
});

test("a promotion that never ends fails the RTO, and leaves nobody to ask for the tasks", async () => {
  const { exitCode, result } = await gameday({ "lab.plant.promotionNeverEnds": true });
  expect(outcomes(result)).toEqual({
    ...allPass,
    rto: "fail",
    tasks: "unknown",
    "cross-store": "unknown",
    stages: "fail",
  });
  expect([result.outcome, exitCode]).toEqual(["fail", 1]);
});

test("a name that clients may keep for a day fails the RTO; only who asks anew finds the region that took over", async () => {
  const { exitCode, result } = await gameday({ "lab.plant.dnsTtlADay": true });
  // Workers never come back: how long their tasks lie there when stock is taken is chance.
  const { tasks: _, ...others } = outcomes(result);
  const { tasks: _pass, ...othersPass } = allPass;
  expect(others).toEqual({ ...othersPass, rto: "fail", stages: "fail" });
  expect([result.outcome, exitCode]).toEqual(["fail", 1]);
});

test("tasks that are given out again when they are done have run twice", async () => {
  const { exitCode, result } = await gameday({ ...rerun, "lab.plant.finishedTasksRerun": true });
  expect(outcomes(result)).toEqual({ ...allPass, tasks: "fail" });
  expect(result.verdicts.find(({ checker }) => checker === "tasks")?.because).toMatch(
    /\d+ tasks? run twice \(dep-01\//,
  );
  expect([result.outcome, exitCode]).toEqual(["fail", 1]);
});

test("a link that is 2 s behind fails the RPO, and what was lost is exactly what only the frozen disk holds", async () => {
  await using small = await playSmallDay({
    // Every call between the regions takes four seconds too.
    settings: { ...lossDaySettings, "lab.link.latencyMs": 2_000, "play.recoveryDeadlineMs": 45_000 },
    seed: "two seconds behind",
    signal: new AbortController().signal,
  });
  // Objects cross in batches that wait for their answer: on this link the bounds of what was lost lie so far apart that chance decides.
  const { "rpo-objects": objects, ...others } = outcomes(small.result);
  const { "rpo-objects": _, ...othersPass } = allPass;
  // Over such a link the old region hears who the primary is when the day is over: until then its database answers nobody.
  expect(others).toEqual({ ...othersPass, "rpo-database": "fail", "single-writer": "unknown" });
  expect(["fail", "unknown"]).toContain(objects);
  expect([small.result.outcome, small.result.exitCode]).toEqual(["fail", 1]);
  const compared = compare(small.history, small.result.verdicts, small.truth);
  expect(compared).toMatchObject({ reported: compared.truly, differences: [] });
  expect(compared.truly).toBeGreaterThan(0);
});

test("a fence that times out lets the old writer acknowledge again, and its snapshot has what no survivor has", async () => {
  const { exitCode, result } = await gameday({ "lab.plant.fencingTimesOut": true, "play.settleMs": 4_000 });
  expect(outcomes(result)).toEqual({
    ...allPass,
    "single-writer": "fail",
    "one-active-cluster": expect.any(String),
    ...mayBeProtected,
  });
  // Where the old primary is rebuilt already, it has been asked, too.
  expect(result.verdicts.find(({ checker }) => checker === "single-writer")?.because).toMatch(
    /^us-east-2 acknowledged \d+ writes? after us-west-2 had taken over, .*; (us-east-2 has none of them, )?us-west-2 has none of them, the snapshot rds:unplanned-global-failover-\S+ has all of them$/,
  );
  expect([result.outcome, exitCode]).toEqual(["fail", 1]);
});

test("a stale scheduler that goes on in the survivor's database is a second cluster at work", async () => {
  const { exitCode, result } = await gameday({ "lab.plant.staleSchedulerRuns": true, "play.settleMs": 4_000 });
  expect(outcomes(result)).toEqual({ ...allPass, "one-active-cluster": "fail", ...mayBeProtected });
  expect(result.verdicts.find(({ checker }) => checker === "one-active-cluster")?.because).toMatch(
    /^us-east-2 worked for dep-01 after us-west-2 had taken over \(dep-01: its scheduler 127\.\d+\.31\.\d+ beat .* after\)$/,
  );
  expect([result.outcome, exitCode]).toEqual(["fail", 1]);
});

test("a clock that steps makes the run invalid, and nothing else says so", async () => {
  const { exitCode, result } = await gameday({ "lab.plant.clockSteps": true });
  expect(outcomes(result)).toEqual({ ...allPass, clock: "fail" });
  expect(result.because).toBe(
    "the run proves nothing: the wall clock stepped by 3 s, so times of other machines cannot be placed",
  );
  expect([result.outcome, exitCode]).toEqual(["invalid", 3]);
});

test("a fault that misses makes the run invalid, and all that would be judged by it unknown", async () => {
  const { exitCode, result } = await gameday({ "lab.plant.faultMisses": true });
  const rest = ["rto", "rpo-database", "rpo-objects", "rpo-images", "cross-store", "tasks", "dependencies", "stages"];
  const unknown = Object.fromEntries(rest.map((checker) => [checker, "unknown"]));
  expect(outcomes(result)).toEqual({ ...allPass, "fault-landed": "fail", ...unknown });
  expect([result.outcome, exitCode]).toEqual(["invalid", 3]);
});
