import { expect, test } from "vitest";
import { type Did, literal } from "../history/literal.ts";
import { bothSampled, day, look, lostAt10s, sampled, start } from "./literal-day.ts";
import { probes } from "./probes.ts";

const checker = probes({ expected: ["probe/availability", "probe/witness"] });
const check = (...listed: (Did | readonly Did[])[]) =>
  checker.check(literal(start, lostAt10s(), look("dns", 11_000, true), ...listed), day);

test("passes instruments that were on time and without gaps, from the steady state to the heal", () => {
  const ramp = sampled("dep-01", ".l..");
  expect(check(ramp, bothSampled("....++++++------++++++++++++++"))).toMatchObject({
    outcome: "pass",
    because: "96 of 96 samples were taken, 99 of 100 within 0 ms of their time",
  });
});

test("fails when samples are late or missing", () => {
  expect(check(bothSampled("++++++++l+------+++++++++"))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("late"),
  });
  expect(check(bothSampled("++++++++.+------+++++++++"))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("4 of 76 samples are missing"),
  });
});

test("is unknown when nobody looked, or an instrument is silent", () => {
  expect(check()).toMatchObject({ outcome: "unknown" });
  expect(probes().check(literal(start, lostAt10s(), bothSampled("+++++++++++")), day)).toMatchObject({
    outcome: "unknown",
    because: "probe/ledger, probe/reachability, probe/replication and 1 more wrote nothing",
  });
});
