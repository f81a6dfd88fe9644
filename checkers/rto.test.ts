import { expect, test } from "vitest";
import type { Did } from "../history/literal.ts";
import { did, literal } from "../history/literal.ts";
import { beating, bothSampled, day, look, lostAt10s, sampled, start } from "./literal-day.ts";
import { rto } from "./rto.ts";

const up10s = "++++++++++";
const served = [
  look("writer", 12_000, false),
  look("writer", 15_000, true),
  ...beating(`${up10s}------++++++++++++++`),
];
const check = (...listed: (Did | Did[])[]) => rto.check(literal(start, ...listed), day);

test("passes when the upper bound, projected, is within the limit", () => {
  const verdict = check(lostAt10s(), bothSampled(`${up10s}--------++++++++++++`), served);
  expect(verdict).toMatchObject({
    outcome: "pass",
    because: "all 2 deployments were back after 1 min 20 s (projected)",
    measured: { low: 68_000, high: 80_100, limit: 100_000, unit: "ms" },
    details: { lab: { low: 6_800, high: 8_010 }, fault: { low: 10_000, high: 10_200 } },
  });
  expect(verdict.evidence.length).toBeGreaterThan(3);
});

test("fails when even the lower bound is beyond the limit, and names the slowest", () => {
  const slow = [sampled("dep-01", `${up10s}---+++++++++++++++++`), sampled("dep-02", `${up10s}------------++++++++`)];
  expect(check(lostAt10s(), ...slow, served)).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(/at least 1 min 48 s \(projected\), more than the 1 min 40 s allowed.*dep-02/),
  });
});

test("is unknown when the interval straddles the limit", () => {
  expect(check(lostAt10s(), bothSampled(`${up10s}----------++++++++++`), served)).toMatchObject({
    outcome: "unknown",
    because: expect.stringContaining("straddles"),
    measured: { low: 88_000, high: 100_100 },
  });
});

test("a deployment that never came back fails the run, and is never dropped", () => {
  const one = [sampled("dep-01", `${up10s}---+++++++++++++++++`), sampled("dep-02", `${up10s}--------------------`)];
  const verdict = check(lostAt10s(), ...one, served);
  expect(verdict).toMatchObject({
    outcome: "fail",
    because: "1 of 2 deployments had not recovered 18.8 s after the fault (dep-02; last seen: TIMEOUT)",
    measured: { low: 188_000, high: null },
  });
});

test("promotion that never completes fails with the last seen state of the writer", () => {
  const stuck = [look("writer", 12_000, false, "standby"), look("writer", 29_000, false, "standby")];
  const verdict = check(
    lostAt10s(),
    bothSampled(`${up10s}--------------------`),
    stuck,
    beating(`${up10s}--------------------`),
  );
  expect(verdict).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("last seen: writer: standby; TIMEOUT"),
  });
  expect(verdict.details).toMatchObject({ lastSeen: { "writer promoted": "standby" } });
});

test("a run that was cut short proves no failure to recover", () => {
  const cut = [
    ...lostAt10s(15_000).filter(({ f }) => f !== "phase"),
    did("run/play phase", [10_300], { phase: "recovery" }),
  ];
  expect(check(cut, bothSampled(`${up10s}-----`), beating(`${up10s}-----`))).toMatchObject({ outcome: "unknown" });
});

test("recovery by the heal is no recovery", () => {
  const verdict = check(lostAt10s(16_000), bothSampled(`${up10s}------++++++`), served);
  expect(verdict).toMatchObject({ outcome: "fail", measured: { high: null } });
});

test("one that relapses and is down at the heal has not recovered; one that comes back again has, and it is told", () => {
  const relapsed = [
    sampled("dep-01", `${up10s}---+++++++++++++----`),
    sampled("dep-02", `${up10s}---+++++++++++++++++`),
  ];
  expect(check(lostAt10s(), ...relapsed, served)).toMatchObject({ outcome: "fail", measured: { high: null } });
  const flapped = [
    sampled("dep-01", `${up10s}---+++++---+++++++++`),
    sampled("dep-02", `${up10s}---+++++++++++++++++`),
  ];
  expect(check(lostAt10s(), ...flapped, served)).toMatchObject({
    outcome: "pass",
    because: expect.stringContaining("1 of them went down again"),
    details: {
      deployments: [{ name: "dep-01", relapses: 1, downtimeMs: { low: 2_400 } }, { relapses: 0 }],
    },
  });
});

test("the whole platform waits for the writer and the tasks", () => {
  const early = bothSampled(`${up10s}---+++++++++++++++++`);
  const late = [look("writer", 14_000, false), look("writer", 16_000, true)];
  expect(check(lostAt10s(), early, late, beating(`${up10s}---+++++++++++++++++`))).toMatchObject({
    outcome: "pass",
    because: "all 2 deployments were back after 30.1 s and the whole platform after 1 min (projected)",
    details: { platform: { all: { low: 3_800, high: 6_005 } } },
  });
  expect(check(lostAt10s(), early, late, beating(`${up10s}--------------------`))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("tasks were not served again"),
  });
});

test.each([
  ["the writer has no witness", [beating(`${up10s}---+++++++++++++++++`)], "nobody watched the writer"],
  ["no heartbeats were counted", [look("writer", 12_000, true)], "nobody watched the tasks"],
  [
    "the witness is blind",
    [look("writer", 12_000, false), beating(`${up10s}---+++++++++++++++++`)],
    "no witness saw the writer",
  ],
])("unknown is never green: %s", (_, witnesses, because) => {
  const verdict = check(lostAt10s(), bothSampled(`${up10s}---+++++++++++++++++`), ...witnesses.flat());
  expect(verdict).toMatchObject({ outcome: "unknown", because: expect.stringContaining(because) });
});

test("a deployment without both kinds of look is unknown", () => {
  const half = [
    sampled("dep-01", `${up10s}---+++++++++++++++++`),
    sampled("dep-02", `${up10s}---+++++++++++++++++`, { kind: "deep" }),
  ];
  expect(check(lostAt10s(), ...half, served)).toMatchObject({
    outcome: "unknown",
    because: expect.stringContaining("dep-02"),
  });
});

test("without a fault, or with one that was never confirmed, there is nothing to measure", () => {
  expect(check(bothSampled(up10s))).toMatchObject({ outcome: "unknown" });
  const unconfirmed = lostAt10s().filter(({ f }) => f !== "confirm");
  expect(check(unconfirmed, bothSampled(`${up10s}+++++++`), served)).toMatchObject({ outcome: "unknown" });
});
