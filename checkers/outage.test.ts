import { expect, test } from "vitest";
import { did, fail, info, literal, ok } from "../history/literal.ts";
import { day, lostAt10s } from "./literal-day.ts";
import { firstDisturbance, nextDisturbance, outageOf, watchedToTheEnd } from "./outage.ts";

test("the fault's time runs from the command to the confirmed effect, and the outage to the heal", () => {
  expect(outageOf(literal(lostAt10s(30_000)))).toEqual({
    process: "fault/lose-region",
    planned: false,
    from: { low: 10_000, high: 10_200 },
    confirmed: true,
    until: 30_000,
    healedAt: 30_000,
    experimentId: "EXP1",
    evidence: [0, 1, 3],
  });
});

test("without a heal the outage lasts as long as the history, whose lines need not be in order of time", () => {
  const [inject] = lostAt10s();
  const crashed = literal(
    inject ?? [],
    did("probe/ledger append", [40_000, 42_000]),
    did("probe/ledger append", [11_000, 12_000]),
  );
  expect(outageOf(crashed)).toMatchObject({ confirmed: false, from: { low: 10_000, high: 10_100 }, until: 42_000 });
});

test("a command that failed is no fault; one in doubt may be", () => {
  const command = (end = ok()) => literal(did("fault/x inject", [1, 2], {}, end));
  expect(outageOf(command(fail("no target")))).toBeUndefined();
  expect(outageOf(command(info("timeout")))).toMatchObject({ confirmed: false });
  expect(outageOf(literal())).toBeUndefined();
});

test("recovery was waited for when it came, or when the deadline passed, not when the run was stopped", () => {
  const watched = (history: ReturnType<typeof literal>) => {
    const outage = outageOf(history);
    return outage && watchedToTheEnd(history, outage, day);
  };
  const stopped = lostAt10s(20_000).filter(({ f }) => f !== "phase");
  expect(watched(literal(lostAt10s(20_000)))).toBe(true);
  expect(
    watched(
      literal(stopped, did("run/play phase", [10_300, 19_000], { phase: "recovery" }, info("stopped by SIGINT"))),
    ),
  ).toBe(false);
  expect(watched(literal(lostAt10s(70_200).filter(({ f }) => f !== "phase")))).toBe(true);
});

const drills = {
  failover: { name: "failover", from: "lost", to: "survivor" },
  failback: { name: "failback", from: "survivor", to: "lost" },
};
const roundTrip = literal(
  lostAt10s(30_000),
  did("run/play drill", [10_300, 25_000], drills.failover),
  did("run/play drill", [40_000, 55_000], drills.failback),
  did("failover/control-plane request", [40_100, 40_150], { phase: "failback" }),
  did("run/play phase", [55_000, 58_000], { phase: "settle" }),
);

test("the drill that follows a fault is measured from the fault, a planned one from its own request", () => {
  expect(outageOf(roundTrip, { drill: drills.failover })).toMatchObject({
    planned: false,
    from: { low: 10_000, high: 10_200 },
    until: 30_000,
  });
  expect(outageOf(roundTrip, { drill: drills.failback })).toMatchObject({
    process: "failover/control-plane",
    planned: true,
    from: { low: 40_100, high: 40_150 },
    confirmed: true,
    until: 58_000,
  });
});

test("a drill that was never played, and one that was refused, have no time", () => {
  expect(outageOf(literal(lostAt10s()), { drill: drills.failback })).toBeUndefined();
  const refused = literal(
    did("run/play drill", [40_000, 40_200], drills.failback, fail("did not come to its end")),
    did("failover/control-plane request", [40_100, 40_150], {}, fail("409")),
  );
  expect(outageOf(refused, { drill: drills.failback })).toBeUndefined();
});

test("the first disturbance is the first fault or drill", () => {
  expect(firstDisturbance(roundTrip)).toBe(10_000);
  expect(firstDisturbance(literal())).toBeUndefined();
});

test("a region that returns in the middle of the drill that leaves it ends nothing: the recovery goes on", () => {
  const midway = literal(
    did("run/play drill", [9_900, 25_000], drills.failover),
    lostAt10s(14_000),
    did("failover/control-plane request", [12_000, 12_050], { phase: "failover" }),
    did("run/play phase", [25_000, 29_000], { phase: "settle" }),
  );
  for (const context of [{ drill: drills.failover }, {}])
    expect(outageOf(midway, context)).toMatchObject({
      planned: false,
      from: { low: 10_000, high: 10_200 },
      healedAt: 14_000,
      until: 29_000,
    });
});

test("a region that comes and goes is lost from the first time on", () => {
  const again = (atMs: number) => [
    did("fault/lose-region inject", [atMs, atMs + 100], { region: "lost" }),
    did("fault/lose-region heal", [atMs + 2_000, atMs + 2_100], { region: "lost" }),
  ];
  const flapping = literal(
    did("run/play drill", [9_900, 25_000], drills.failover),
    lostAt10s(14_000),
    did("failover/control-plane request", [17_000, 17_050], { phase: "failover" }),
    again(16_000),
    again(20_000),
    did("run/play phase", [25_000, 29_000], { phase: "settle" }),
  );
  const outage = outageOf(flapping, { drill: drills.failover });
  expect(outage).toMatchObject({ from: { low: 10_000 }, healedAt: 14_000, until: 29_000 });
  expect(outage && nextDisturbance(flapping, outage, day)).toBeUndefined();
});
