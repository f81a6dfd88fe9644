import { expect, test } from "vitest";
import { type Did, did, fail, info, literal, ok } from "../history/literal.ts";
import { faultLanded } from "./fault-landed.ts";
import { bothSampled, day, lostAt10s, sampled, start } from "./literal-day.ts";

const check = (...listed: (Did | readonly Did[])[]) => faultLanded().check(literal(start, ...listed), day);
const hit = bothSampled("++++++++++-----+++");

test("passes with the command, an independent confirmation, and failures where there had been answers", () => {
  expect(check(lostAt10s(), hit)).toMatchObject({
    outcome: "pass",
    because:
      "lost was lost by experiment EXP1, an independent probe confirmed it, and 2 of 2 deployments failed after it",
    details: { experimentId: "EXP1", how: "silence", hit: 2, well: 2, wanted: 2 },
  });
});

test("fails when the probe saw no effect, the command failed, or there was none", () => {
  const missed = [
    did("fault/lose-region inject", [10_000, 10_100], {}),
    did("fault/lose-region confirm", [10_100, 15_000], {}, fail("did not land")),
  ];
  expect(check(missed, bothSampled("++++++++++++++"))).toMatchObject({
    outcome: "fail",
    because: "the fault did not land: did not land",
  });
  expect(check(did("fault/lose-region inject", [10_000, 10_100], {}, fail("no target")))).toMatchObject({
    outcome: "fail",
    because: "the command to inject the fault did not succeed: no target",
  });
  expect(check(hit)).toMatchObject({ outcome: "fail", because: "no fault was injected" });
});

test("a gray region may answer, and its deployments must fail all the same", () => {
  const answered = did("probe/reachability sample", [12_000, 12_010], { region: "lost" }, ok({ answered: true }));
  const gray = (...listed: (Did | readonly Did[])[]) =>
    faultLanded({ how: "gray" }).check(literal(start, ...listed), day);
  expect(check(lostAt10s(), answered, hit)).toMatchObject({ outcome: "fail" });
  expect(gray(lostAt10s(), answered, hit)).toMatchObject({
    outcome: "pass",
    because: expect.stringMatching(/^lost was gray by experiment EXP1/),
  });
  expect(gray(lostAt10s(), answered, bothSampled("++++++++++++++++++"))).toMatchObject({ outcome: "fail" });
});

test("fails when deployments were spared, or had not answered before", () => {
  expect(
    check(lostAt10s(), sampled("dep-01", "++++++++++-----+++"), sampled("dep-02", "++++++++++++++++++")),
  ).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("only 1 of 2 deployments failed after the fault (not dep-02)"),
  });
  expect(check(lostAt10s(), bothSampled("---------------+"))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("prove nothing"),
  });
});

test("fails when the region came back by itself, and not when it answers because it was healed", () => {
  const look = (atMs: number, answered: boolean, forMs = 5) =>
    did("probe/reachability sample", [atMs, atMs + forMs], { region: "lost" }, ok({ answered }));
  const quiet = [look(9_500, true), look(10_050, true), look(10_500, false, 400)];
  expect(check(lostAt10s(), hit, quiet, look(29_900, true, 200), look(30_200, true)).outcome).toBe("pass");
  expect(check(lostAt10s(), hit, quiet, look(22_200, true))).toMatchObject({
    outcome: "fail",
    because: "lost answered again 12 s after the fault, before it was healed",
  });
});

test("is unknown when nobody confirmed, or the command was never answered", () => {
  expect(
    check(
      lostAt10s().filter(({ f }) => f !== "confirm"),
      hit,
    ),
  ).toMatchObject({ outcome: "unknown" });
  expect(check(did("fault/lose-region inject", [10_000]), hit)).toMatchObject({ outcome: "unknown" });
  expect(check(did("fault/lose-region inject", [10_000, 12_000], {}, info("timeout")), hit)).toMatchObject({
    outcome: "unknown",
  });
});

const again = (atMs: number): Did[] => [
  did("fault/lose-region inject", [atMs, atMs + 100], { region: "lost" }, ok({ experimentId: "EXP2" })),
  did("fault/lose-region confirm", [atMs + 100, atMs + 200], { region: "lost" }, ok({})),
  did("fault/lose-region heal", [atMs + 2_000, atMs + 2_100], { region: "lost" }),
];

test("a fault that is to land three times must be confirmed three times", () => {
  const thrice = faultLanded({ times: 3 });
  expect(thrice.check(literal(start, lostAt10s(), hit, again(40_000), again(50_000)), day).outcome).toBe("pass");
  expect(thrice.check(literal(start, lostAt10s(), hit, again(40_000)), day)).toMatchObject({
    outcome: "fail",
    because: "the fault landed 2 times of 3",
  });
});

test("a region that is to return in the middle of the failover must not do so before or after it", () => {
  const midway = (...did: Did[]) =>
    faultLanded({ healedMidway: true }).check(literal(start, lostAt10s(14_000), hit, ...did), day);
  const followed = (from: number, to: number) => did("failover/control-plane follow", [from, to], { operation: "1" });
  expect(midway(followed(12_000, 20_000)).outcome).toBe("pass");
  expect(midway(followed(15_000, 20_000))).toMatchObject({
    outcome: "fail",
    because: "the region returned before the failover began, not in the middle of it",
  });
  expect(midway(followed(11_000, 13_000)).because).toContain("when the failover was over");
  expect(midway().outcome).toBe("unknown");
});

test("a region that is only cut off goes on answering, and no client has to fail", () => {
  const cut = [
    did("fault/partition inject", [10_000, 10_100], { from: "lost", to: "survivor" }, ok({ experimentId: "EXP1" })),
    did("fault/partition confirm", [10_100, 12_200], {}, ok({ how: "an object did not arrive" })),
    did("fault/partition heal", [30_000, 30_100], {}),
    did("probe/reachability sample", [15_000, 15_010], { region: "lost" }, ok({ answered: true })),
  ];
  const apart = faultLanded({ shareAtLeast: 0, how: "apart" });
  expect(apart.check(literal(start, cut, bothSampled("++++++++++++++++++")), day)).toMatchObject({
    outcome: "pass",
    because: "the fault landed by experiment EXP1, as was seen: an object did not arrive",
  });
});
