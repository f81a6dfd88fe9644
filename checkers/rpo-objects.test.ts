import { expect, test } from "vitest";
import type { CheckContext } from "../harness/types.ts";
import { type Did, did, fail, info, literal } from "../history/literal.ts";
import { day, lostAt10s, start } from "./literal-day.ts";
import { listed, put, removed } from "./literal-deposits.ts";
import { rpoObjects } from "./rpo-objects.ts";

const limited = (more: Partial<CheckContext["objectives"]> = {}): CheckContext => ({
  ...day,
  objectives: { ...day.objectives, rpoObjectsWithinMs: 20_000, ...more },
});
const check = (...happened: (Did | readonly Did[])[]) =>
  rpoObjects.check(literal(start, lostAt10s(), ...happened), limited());
const names = ["1", "2", "3", "4", "5"];
const acked = names.map((key, n) => put("objects", "lost", key, 7_500 + n * 500));
const stock = (...keys: string[]) => listed("objects", "survivor", 20_000, keys);

test("passes when all that was acknowledged is there; what was put is the resolution", () => {
  expect(check(acked, stock(...names))).toMatchObject({
    outcome: "pass",
    kind: "objective",
    because: "no acknowledged object lost, at a resolution of 695 ms",
    measured: { low: 0, high: 6_950, limit: 20_000 },
    details: { counts: { kept: 5, lost: 0 } },
  });
});

test("measures back to the newest one with no earlier loss, and fails beyond the limit", () => {
  expect(check(acked, stock("1", "2", "3"))).toMatchObject({
    outcome: "pass",
    because: "2 acknowledged objects lost within 1.7 s (projected: 16.9 s)",
    measured: { low: 9_950, high: 16_950 },
    details: { counts: { lost: 2, late: 0 }, newestKept: { key: "3" }, firstLost: { key: "4" } },
  });
  expect(check(put("objects", "lost", "0", 5_000), acked, stock("0", "2", "3"))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("from at least 24.9 s before the fault (projected)"),
  });
  expect(check(acked, stock("1"))).toMatchObject({ outcome: "unknown", measured: { low: 19_950, high: 26_950 } });
});

test("without a limit it informs only", () => {
  expect(rpoObjects.check(literal(start, lostAt10s(), acked, stock("1")), day)).toMatchObject({
    kind: "advice",
    outcome: "pass",
    because: expect.stringContaining("4 acknowledged objects lost"),
  });
});

test("what comes when the region is back is lost at the stock, and late", () => {
  const end = listed("objects", "survivor", 34_000, [...names]);
  expect(check(acked, stock("1", "2", "3"), end)).toMatchObject({
    outcome: "pass",
    because: "2 acknowledged objects lost within 1.7 s (projected: 16.9 s), 2 of them came late",
    details: { counts: { lost: 2, late: 2 } },
  });
});

test("what is removed while the stock is taken is neither kept nor lost", () => {
  // A slow store: asked at 20 s, and listed after the removal.
  const slowly = listed("objects", "survivor", 20_000, names, { tookMs: 2_000 });
  const own = put("objects", "survivor", "6", 15_000);
  expect(check(acked, own, slowly, removed("objects", "survivor", "6", 21_000))).toMatchObject({
    outcome: "pass",
    details: { counts: { lost: 0, indeterminate: 1 } },
  });
  expect(check(acked, own, slowly, removed("objects", "survivor", "6", 22_500))).toMatchObject({
    outcome: "fail",
    because: "1 acknowledged object lost, 1 of them acknowledged by the survivor itself, 1 of them removed since",
  });
});

test("a planned move may lose none; what comes late is not lost for good", () => {
  const drill = { name: "failback", from: "lost", to: "survivor" };
  const moved = [
    did("run/play drill", [10_000, 20_000], drill),
    did("failover/control-plane request", [10_000, 10_100], { phase: "failback" }),
    did("run/play phase", [20_000, 22_000], { phase: "settle" }),
  ];
  const context = { ...limited({ writesLostAtMost: 0 }), drill };
  const verdict = (...more: Did[]) =>
    rpoObjects.check(
      literal(start, moved, acked, listed("objects", "survivor", 15_000, ["1", "2", "3"]), more),
      context,
    );
  expect(verdict()).toMatchObject({ outcome: "fail", because: "2 acknowledged objects lost, more than the 0 allowed" });
  expect(verdict(listed("objects", "survivor", 25_000, names))).toMatchObject({ outcome: "pass" });
  const allButOne = listed("objects", "survivor", 25_000, ["1", "2", "3", "4"]);
  expect(verdict(allButOne)).toMatchObject({ outcome: "fail" });
  // Whoever removed it saw to it that it can come no more.
  expect(verdict(removed("objects", "survivor", "5", 20_000), allButOne)).toMatchObject({
    outcome: "pass",
    because: expect.stringContaining("1 of them came late, 1 of them removed since"),
    details: { counts: { lost: 2, late: 1, removedSince: 1 } },
  });
});

test("another content under the same key is a failure, seen in any reading", () => {
  const odd = listed("objects", "lost", 34_000, names, { items: [["3", "sha256:other"]] });
  expect(check(acked, stock(...names), odd)).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("1 with another content (3)"),
    details: { corrupt: [{ key: "3", region: "lost", digest: "sha256:other" }] },
  });
});

test("what was removed and is there again is resurrected, and a failure", () => {
  const end = listed("objects", "survivor", 34_000, names);
  const gone = removed("objects", "survivor", "2", 15_000);
  expect(check(acked, gone, stock("1", "3", "4", "5"))).toMatchObject({ outcome: "pass" });
  expect(check(acked, gone, stock("1", "3", "4", "5"), end)).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("1 there again after their removal (2)"),
  });
  // The region that returns has not heard of the removal yet: that is no resurrection.
  expect(check(acked, gone, stock("1", "3", "4", "5"), listed("objects", "lost", 34_000, names))).toMatchObject({
    outcome: "pass",
  });
  const refused = removed("objects", "survivor", "2", 15_000, fail("AccessDenied"));
  expect(check(acked, refused, stock(...names), end)).toMatchObject({ outcome: "pass" });
});

test("a removal is a write, too: one that the survivor never heard of is lost, and may come late", () => {
  const gone = removed("objects", "lost", "1", 9_900);
  expect(check(acked, gone, stock(...names))).toMatchObject({
    outcome: "pass",
    details: { counts: { lost: 1, resurrected: 0 }, firstLost: { act: "remove" } },
  });
  expect(check(acked, gone, stock(...names), listed("objects", "survivor", 34_000, ["2"]))).toMatchObject({
    details: { counts: { lost: 1, late: 1 } },
  });
});

test("what was never answered is counted neither way; what was refused is told when it is there", () => {
  const open = [
    put("objects", "lost", "6", 9_800, info("TIMEOUT")),
    put("objects", "lost", "7", 9_900, fail("AccessDenied")),
  ];
  expect(check(acked, open, stock(...names, "7"))).toMatchObject({
    outcome: "pass",
    because: expect.stringContaining("1 refused and there all the same"),
    details: { counts: { indeterminate: 1, refusedAndThere: 1, lost: 0 } },
  });
});

test("the survivor's own loss is a failure, whatever the time; what it took after its stock is not", () => {
  const [own, after] = [put("objects", "survivor", "8", 15_000), put("objects", "survivor", "9", 21_000)];
  expect(check(acked, own, stock(...names))).toMatchObject({
    outcome: "fail",
    because: "1 acknowledged object lost, 1 of them acknowledged by the survivor itself",
  });
  expect(check(acked, after, stock(...names))).toMatchObject({ outcome: "pass", details: { counts: { unread: 1 } } });
});

test("is unknown without a fault, a stock, or anything at risk", () => {
  expect(rpoObjects.check(literal(start, acked), limited())).toMatchObject({ outcome: "unknown" });
  expect(check(acked)).toMatchObject({ outcome: "unknown", because: expect.stringContaining("never listed") });
  expect(check(stock())).toMatchObject({ outcome: "unknown", because: expect.stringContaining("none of the objects") });
});
