import { expect, test } from "vitest";
import { did, literal, ok } from "../history/literal.ts";
import { beating, bothSampled, day, look, lostAt10s, start } from "./literal-day.ts";
import { stages, stagesOf } from "./stages.ts";

const asked = [
  did("failover/control-plane detect", [10_300, 11_000], {}, ok({ state: "unreachable" })),
  did("failover/control-plane decide", [11_000, 12_000], {}),
  did("failover/control-plane step", [12_100, 14_900], { step: "database-compute" }),
];
const seen = [
  look("compute", 12_500, false, "headless"),
  look("compute", 13_000, true, "available"),
  look("writer", 14_000, false, "standby"),
  look("writer", 15_000, true, "writer"),
  look("pods", 14_500, false, "0 of 2 ready"),
  look("pods", 14_800, true, "2 of 2 ready"),
  look("dns", 16_000, false, "lost"),
  look("dns", 16_500, true, "survivor"),
];
const clients = bothSampled("++++++++++--------++++++++++++");
const whole = literal(start, lostAt10s(), asked, seen, clients, beating("++++++++++--------++++++++++"));

test("each stage has its own witness, its interval and its share of the time", () => {
  const chain = stagesOf(whole, day);
  expect(chain.map(({ name, at, sinceMs }) => [name, at?.low, at?.high, sinceMs])).toEqual([
    ["fault", 10_000, 10_200, undefined],
    ["first client failure", 10_000, 10_800, 600],
    ["detected", 11_000, 11_000, 200],
    ["decided", 12_000, 12_000, 1_000],
    ["compute ready", 12_500, 13_005, 1_005],
    ["writer promoted", 14_000, 15_005, 2_000],
    ["pods ready", 14_500, 14_805, 0],
    ["DNS moved", 16_000, 16_505, 1_500],
    ["first success", 17_000, 18_010, 1_505],
    ["stable", 17_000, 18_010, 0],
  ]);
  expect(chain.every(({ evidence }) => evidence.length > 0)).toBe(true);
  expect(stages.check(whole, day)).toMatchObject({
    outcome: "pass",
    details: { steps: [{ step: "database-compute" }] },
  });
});

test("a stage without a witness is a gap: nothing is put in its place", () => {
  const blind = literal(
    start,
    lostAt10s(),
    asked,
    seen.filter(({ value }) => !JSON.stringify(value).includes("writer")),
    clients,
  );
  const chain = stagesOf(blind, day);
  expect(chain.find(({ name }) => name === "writer promoted")?.at).toBeUndefined();
  expect(chain.find(({ name }) => name === "pods ready")?.sinceMs).toBeUndefined();
  expect(stages.check(blind, day)).toMatchObject({
    outcome: "unknown",
    because: expect.stringContaining("writer promoted"),
  });
});

test("a stage that was not reached says what was last seen of it", () => {
  const stuck = literal(
    start,
    lostAt10s(),
    asked,
    seen.slice(0, 3),
    look("pods", 15_000, false, "0 of 2 ready"),
    look("dns", 15_000, false, "lost"),
    bothSampled("++++++++++----------"),
  );
  expect(stages.check(stuck, day)).toMatchObject({
    outcome: "fail",
    because:
      "not reached: writer promoted (last seen: standby), pods ready (last seen: 0 of 2 ready), DNS moved (last seen: lost) and 2 more",
  });
});

test("a planned move that no client noticed has no stages of theirs; one that was not watched has gaps", () => {
  const drill = { name: "failback", from: "lost", to: "survivor" };
  const moved = [
    did("run/play drill", [9_900, 25_000], drill),
    did("failover/control-plane request", [10_000, 10_050], { phase: "failback" }),
  ];
  const planned = { ...day, drill };
  const unnoticed = literal(start, moved, seen, bothSampled("++++++++++++++++++++++++++++++"));
  expect(stagesOf(unnoticed, planned).map(({ name }) => name)).toEqual([
    "fault",
    "compute ready",
    "writer promoted",
    "pods ready",
    "DNS moved",
  ]);
  expect(stages.check(unnoticed, planned)).toMatchObject({
    outcome: "pass",
    because: "all 5 stages were reached, each seen by its own witness; no client noticed the move",
  });
  expect(stages.check(literal(start, moved, seen), planned)).toMatchObject({
    outcome: "unknown",
    because: expect.stringContaining("3 stages of 8 had no witness"),
  });
});

test("without a fault there is no chain", () => {
  expect(stages.check(literal(start, clients), day)).toMatchObject({ outcome: "unknown", evidence: [] });
});
