import { expect, test } from "vitest";
import { type Did, did, fail, literal, ok } from "../history/literal.ts";
import { bothSampled, day, lostAt10s, sampled, start } from "./literal-day.ts";
import { undisturbed } from "./undisturbed.ts";

const edges = [
  { service: "route53", region: "us-east-1", how: "silent" },
  { service: "iam", region: "us-east-1", how: "silent" },
];
const out = (confirmed = ok({ how: "asked" })): Did[] => [
  did("fault/control-planes-out inject", [4_000, 4_100], { action: "control-planes-out", edges }, ok({})),
  did("fault/control-planes-out confirm", [4_100, 4_500], { edges }, confirmed),
  did("fault/control-planes-out heal", [40_000, 40_100], { edges }),
];
const check = (...dids: (Did | Did[])[]) => undisturbed.check(literal(start, ...dids), day);

test("passes when no deployment went down before the next thing was done", () => {
  expect(check(out(), lostAt10s(), bothSampled("++++++++++----------"))).toMatchObject({
    outcome: "pass",
    because: expect.stringMatching(
      /^route53 in us-east-1(,| and) iam in us-east-1 was out for 5.5 s .* no deployment went down/,
    ),
  });
});

test("fails when one did, and names it", () => {
  const one = [sampled("dep-01", "++++++++++----------"), sampled("dep-02", "++++++--++----------")];
  expect(check(out(), lostAt10s(), ...one)).toMatchObject({
    outcome: "fail",
    because: expect.stringMatching(/^dep-02 went down while nothing but route53 in us-east-1/),
  });
});

test("is unknown when nothing was failed, when nobody confirmed it, and when nobody watched", () => {
  expect(check(lostAt10s(), bothSampled("++++++++++----------")).because).toContain("no edge was failed");
  expect(check(out(fail("it goes on")), lostAt10s(), bothSampled("++++++++++----------"))).toMatchObject({
    outcome: "unknown",
    because: expect.stringContaining("nobody confirmed"),
  });
  const unwatched = [sampled("dep-01", "++++++++++----------"), sampled("dep-02", "+++...........------")];
  expect(check(out(), lostAt10s(), ...unwatched)).toMatchObject({
    outcome: "unknown",
    because: expect.stringContaining("nobody watched dep-02"),
  });
});
