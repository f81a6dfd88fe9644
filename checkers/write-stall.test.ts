import { expect, test } from "vitest";
import type { CheckContext } from "../harness/types.ts";
import { type Did, did, info, literal, ok } from "../history/literal.ts";
import { day, lostAt10s, marker, start } from "./literal-day.ts";
import { writeStall } from "./write-stall.ts";

const one: CheckContext = {
  ...day,
  deployments: ["dep-01"],
  objectives: { ...day.objectives, stalledWithinMs: 100_000 },
};
/** Markers of the region that serves, every half second. */
const written = (fromMs: number, toMs: number): Did[] =>
  Array.from({ length: (toMs - fromMs) / 500 }, (_, n) => marker("survivor", fromMs + n, fromMs + n * 500));
const check = (...happened: (Did | readonly Did[])[]) =>
  writeStall.check(literal(start, lostAt10s(), ...happened), one);
const bound = did("probe/protection bound", [1_000, 1_050], { region: "survivor" }, ok({ seconds: 20 }));

test("passes when writes go on, and measures the longest time without one", () => {
  expect(check(written(5_000, 32_000))).toMatchObject({
    outcome: "pass",
    because:
      "with lost lost, dep-01 took no write in survivor for 500 ms at most (projected: 5 s), of 1 min 40 s allowed",
    measured: { low: 50, high: 5_000, limit: 100_000 },
  });
});

test("a marker that waits and those that are given up make a stall, from the one before to the one that ends it", () => {
  const waiting = [marker("survivor", 90, 15_000, info("TIMEOUT")), marker("survivor", 91, 17_000, info("TIMEOUT"))];
  expect(check(written(5_000, 15_000), waiting, written(28_000, 32_000))).toMatchObject({
    outcome: "fail",
    measured: { low: 130_050, high: 135_000 },
    details: { platform: { from: 14_505, until: 28_005 } },
  });
});

test("says what Aurora was told to allow, when that is known", () => {
  expect(check(bound, written(5_000, 32_000)).because).toContain(
    "rds.global_db_rpo lets writes go on for 20 s without a standby and then holds them",
  );
});

test("a stall that nothing ended has no upper bound", () => {
  const waiting = marker("survivor", 90, 15_000, info("TIMEOUT"));
  expect(check(written(5_000, 15_000), waiting)).toMatchObject({
    outcome: "fail",
    measured: { low: 150_000, high: null },
    because: expect.stringContaining("for more than 15 s, to the end of the outage"),
  });
});

test("is unknown where the limit lies between the bounds, where nothing was written before, and without a fault", () => {
  const waiting = marker("survivor", 90, 18_500, info("TIMEOUT"));
  expect(check(written(5_000, 15_000), waiting, written(25_000, 32_000))).toMatchObject({ outcome: "unknown" });
  expect(check()).toMatchObject({ outcome: "unknown" });
  expect(
    writeStall.check(literal(start, lostAt10s(), written(5_000, 32_000)), {
      ...one,
      ...day,
      objectives: one.objectives,
    }),
  ).toMatchObject({
    outcome: "unknown",
    because: expect.stringContaining("no marker of dep-02"),
  });
  expect(writeStall.check(literal(start, written(5_000, 32_000)), one)).toMatchObject({ outcome: "unknown" });
});

test("without a limit it informs only", () => {
  const history = literal(start, lostAt10s(), written(5_000, 32_000));
  expect(writeStall.check(history, { ...day, deployments: ["dep-01"] })).toMatchObject({
    kind: "advice",
    outcome: "pass",
  });
});
