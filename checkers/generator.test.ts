import { expect, test } from "vitest";
import { type Did, did, fail, literal, ok } from "../history/literal.ts";
import { generator, pooledLateness } from "./generator.ts";
import { beating, day, lostAt10s, start } from "./literal-day.ts";

const health = (exitCode = 0) =>
  did("load/engine health", [40_000, 40_001], {}, ok({ exitCode, droppedIterations: 0, thresholdsFailed: [] }));
const check = (...listed: (Did | readonly Did[])[]) => generator().check(literal(start, lostAt10s(), ...listed), day);
const second = (at: number, seen: object) =>
  did(
    "load/heartbeats tally",
    [at * 1_000, (at + 1) * 1_000],
    { second: at },
    ok({ alive: 4, due: 100, sent: 100, ok: 100, lateP50Ms: 1, lateP99Ms: 5, lateMaxMs: 9, ...seen }),
  );

test("passes an engine that kept its times in the steady state, whatever the outage did to it", () => {
  const ramp = second(2, { lateP99Ms: 500, lateMaxMs: 900, sent: 20 });
  expect(
    check(beating("++++++++++").slice(3), ramp, second(12, { lateP99Ms: 900, lateMaxMs: 2_000, sent: 3 }), health()),
  ).toMatchObject({
    outcome: "pass",
    because: "100 heartbeats per second before the fault, 99 of 100 within 5 ms of their time",
  });
});

test("fails an engine that is late, misses heartbeats or ends on its own", () => {
  const late = [6, 7, 8, 9].map((at) => second(at, { lateP99Ms: 80, lateMaxMs: 90 }));
  expect(check(late, health())).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("80 ms late, 50 ms are allowed"),
  });
  const missed = [6, 7, 8, 9].map((at) => second(at, { sent: 90 }));
  expect(check(missed, health())).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("10.0 % of the heartbeats"),
  });
  expect(check(beating("++++++++++"), health(107))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("exit code 107"),
  });
});

test("an engine that says itself that it did not end well fails the run", () => {
  const ended = did(
    "load/engine health",
    [20_000, 20_000],
    {},
    fail("killed", { exitCode: 137, droppedIterations: 0 }),
  );
  expect(check(beating("++++++++++"), ended)).toMatchObject({
    outcome: "fail",
    because: "the load engine ended on its own, with exit code 137: killed",
  });
});

test("is unknown when the engine never told how it ended, or nothing beat", () => {
  expect(check(beating("++++++++++"))).toMatchObject({ outcome: "unknown" });
  expect(check(health())).toMatchObject({ outcome: "unknown" });
});

test("one bad second among many does not make the whole late, and ten do", () => {
  const [good, bad] = [
    { sent: 100, lateP50Ms: 1, lateP99Ms: 5, lateMaxMs: 9 },
    { sent: 100, lateP50Ms: 2, lateP99Ms: 100, lateMaxMs: 200 },
  ];
  expect(pooledLateness(Array(99).fill(good).concat(bad), 0.99)).toBeLessThan(10);
  expect(pooledLateness(Array(90).fill(good).concat(Array(10).fill(bad)), 0.99)).toBeGreaterThan(50);
  expect(pooledLateness([{ sent: 0, lateP50Ms: null, lateP99Ms: null, lateMaxMs: null }], 0.99)).toBeUndefined();
});
