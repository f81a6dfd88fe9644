import { expect, test } from "vitest";
import { type Did, literal } from "../history/literal.ts";
import { beating, bothSampled, day, lostAt10s, marker, sampled, start } from "./literal-day.ts";
import { steadyState } from "./steady-state.ts";

const written = day.deployments.map((name) => marker("lost", 1, 9_000, undefined, name));
const well = bothSampled("++++++++++-----");
const check = (...listed: (Did | readonly Did[])[]) => steadyState.check(literal(start, lostAt10s(), ...listed), day);

test("passes a platform that was well and loaded until the fault", () => {
  expect(check(well, written, beating("++++++++++----"))).toMatchObject({
    outcome: "pass",
    kind: "validity",
    because:
      "probes worked for 10 s before the fault, 2 deployments answered both kinds of look, every ledger was written in lost, 4 tasks alive at the fault",
  });
});

test.each([
  [
    "a deployment was down",
    [sampled("dep-01", "++++++++++"), sampled("dep-02", "+++++++--+")],
    "dep-02 shallow, dep-02 deep failed",
  ],
  [
    "it was watched too briefly",
    [sampled("dep-01", "+++", { fromMs: 7_000 }), sampled("dep-02", "+++", { fromMs: 7_000 })],
    "less than the 4 s wanted",
  ],
] as const)("fails when %s", (_, looks, because) => {
  expect(check(...looks, written, beating("++++++++++"))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining(because),
  });
});

test("fails when a ledger was not written, or too few tasks were alive", () => {
  expect(check(well, written.slice(0, 1), beating("++++++++++"))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("no ledger marker of dep-02"),
  });
  const elsewhere = day.deployments.map((name) => marker("survivor", 1, 9_000, undefined, name));
  expect(check(well, elsewhere, beating("++++++++++"))).toMatchObject({ outcome: "fail" });
  expect(check(well, written, beating("++++++++++", 3))).toMatchObject({
    outcome: "fail",
    because: "3 tasks alive at the fault, fewer than the 4 wanted",
  });
});

test("is unknown when a deployment was never seen up, nothing beat, or nobody looked", () => {
  expect(
    check(sampled("dep-01", "++++++++++"), sampled("dep-02", "??????????"), written, beating("++++++++++")),
  ).toMatchObject({ outcome: "unknown" });
  expect(check(well, written)).toMatchObject({ outcome: "unknown" });
  expect(check(bothSampled("----------"), written, beating("++++++++++"))).toMatchObject({ outcome: "fail" });
  expect(check(written, beating("++++++++++"))).toMatchObject({ outcome: "unknown" });
});

test("the ledger must have been written where the platform served: what the first drill leaves, or the primary", () => {
  const acked = day.deployments.map((name) => marker("survivor", 1, 9_000, undefined, name));
  const well = [bothSampled("++++++++++"), beating("++++++++++")].flat();
  const outcome = (context: Partial<typeof day>) =>
    steadyState.check(literal(start, lostAt10s(), well, acked), { ...day, ...context }).outcome;
  expect(outcome({})).toBe("fail");
  expect(outcome({ primary: "survivor", drills: [] })).toBe("pass");
  expect(outcome({ drills: [{ name: "failback", from: "survivor", to: "lost" }] })).toBe("pass");
});
