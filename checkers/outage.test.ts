import { expect, test } from "vitest";
import { did, fail, info, literal, ok } from "../history/literal.ts";
import { day, lostAt10s } from "./literal-day.ts";
import { outageOf, watchedToTheEnd } from "./outage.ts";

test("the fault's time runs from the command to the confirmed effect, and the outage to the heal", () => {
  expect(outageOf(literal(lostAt10s(30_000)))).toEqual({
    process: "fault/lose-region",
    from: { low: 10_000, high: 10_200 },
    confirmed: true,
    until: 30_000,
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
    return outage && watchedToTheEnd(history, outage, day.timing);
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
