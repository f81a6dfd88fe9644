import { expect, test } from "vitest";
import { type Did, did, literal, ok } from "../history/literal.ts";
import { clock } from "./clock.ts";
import { clockWatched, day } from "./literal-day.ts";

const check = (...listed: (Did | readonly Did[])[]) => clock().check(literal(...listed), day);
const step = (stepMs: number): Did => did("run/clock step", [12_000, 12_000], { stepMs });

test("passes a clock that was compared all the time and stood still", () => {
  expect(check(clockWatched())).toMatchObject({
    kind: "validity",
    outcome: "pass",
    because: "the wall clock was compared with the run's own 60 times, and never stepped by more than 50 ms",
  });
});

test("a small step is told, and stops nothing", () => {
  expect(check(clockWatched({ driftMs: 80 }), step(80))).toMatchObject({
    outcome: "pass",
    because: expect.stringContaining("it stepped by up to 80 ms"),
    measured: { low: 80, limit: 1_000 },
  });
});

test("fails a clock that stepped by more than what is measured, wherever it ended", () => {
  expect(check(clockWatched(), step(1_500), step(-1_500))).toMatchObject({
    outcome: "fail",
    because: "the wall clock stepped by 1.5 s, so times of other machines cannot be placed",
  });
  expect(check(clockWatched({ driftMs: -2_000 }))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("drifted by 2 s"),
  });
});

test("is unknown where nobody compared, or not to the end", () => {
  expect(check().outcome).toBe("unknown");
  expect(check(did("run/clock watch", [0], { toleranceMs: 50 })).outcome).toBe("unknown");
  expect(check(did("run/clock watch", [0, 10], { toleranceMs: 50 }, ok({ checks: 0, driftMs: 0 }))).outcome).toBe(
    "unknown",
  );
});
