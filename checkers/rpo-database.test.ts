import { expect, test } from "vitest";
import { type Did, did, fail, info, literal } from "../history/literal.ts";
import { day, lostAt10s, marker, readBack, start } from "./literal-day.ts";
import { rpoDatabase } from "./rpo-database.ts";

const one = { ...day, deployments: ["dep-01"] };
const check = (...listed: (Did | readonly Did[])[]) => rpoDatabase.check(literal(start, lostAt10s(), ...listed), one);
const acked = [1, 2, 3, 4, 5].map((seq) => marker("lost", seq, 7_000 + seq * 500));
const rows = (...seqs: number[]) => seqs.map((seq) => ["dep-01", seq, "lost", 1] as const);

test("passes when all that was acknowledged is there; the markers are the resolution", () => {
  expect(check(acked, readBack(20_000, rows(1, 2, 3, 4, 5)))).toMatchObject({
    outcome: "pass",
    because: "no acknowledged write lost, at a resolution of 695 ms",
    measured: { low: 0, high: 6_950, limit: 20_000 },
    details: { counts: { kept: 5, lost: 0 } },
  });
});

test("counts what is acknowledged and missing, and measures back to the newest marker with no earlier loss", () => {
  const verdict = check(acked, readBack(20_000, rows(1, 2, 3)));
  expect(verdict).toMatchObject({
    outcome: "pass",
    because: "2 acknowledged writes lost within 1.7 s (projected: 16.9 s)",
    measured: { low: 9_950, high: 16_950 },
    details: { counts: { kept: 3, lost: 2 }, deployments: [{ newestKept: { seq: 3 }, firstLost: { seq: 4 } }] },
  });
  const { ops } = literal(start, lostAt10s(), acked);
  const lostIndices = ops
    .filter(({ type, time }) => type === "ok" && (time === 9_005 || time === 9_505))
    .map(({ index }) => index);
  expect(verdict.evidence).toEqual(expect.arrayContaining(lostIndices));
});

test("a region that goes on acknowledging after the fault is measured back from its last acknowledgement", () => {
  const onward = [6, 7, 8].map((seq) => marker("lost", seq, 7_000 + seq * 1_000));
  expect(check(acked, onward, readBack(20_000, rows(1, 2, 3, 4, 5, 6)))).toMatchObject({
    because: "2 acknowledged writes lost within 2 s (projected: 20 s)",
    measured: { low: 10_000, high: 20_000 },
  });
  expect(check(acked, onward, readBack(20_000, rows(1, 2, 3, 4, 5, 6, 7, 8)))).toMatchObject({
    outcome: "pass",
    measured: { low: 0, high: 0 },
  });
});

test("fails when even the lower bound is beyond the limit", () => {
  const early = [marker("lost", 0, 5_000), marker("lost", 1, 7_500), ...acked.slice(1)];
  expect(check(early, readBack(20_000, rows(0)))).toMatchObject({
    outcome: "fail",
    because: expect.stringContaining("from at least 24.9 s before the fault"),
  });
});

test("a hole counts from the hole, and what is kept behind it is out of order", () => {
  expect(check(acked, readBack(20_000, rows(1, 3, 4, 5)))).toMatchObject({
    outcome: "unknown",
    measured: { low: 19_950, high: 26_950 },
    details: { counts: { lost: 1, outOfOrder: 3 } },
  });
});

test("what was never answered is reported apart and never counted, there or not", () => {
  const open = [
    marker("lost", 6, 9_900, info("timeout")),
    marker("lost", 7, 9_950, info("timeout")),
    did("probe/ledger append", [9_990], { region: "lost", deployment: "dep-01", seq: 8 }),
  ];
  expect(check(acked, open, readBack(20_000, rows(1, 2, 3, 4, 5, 6)))).toMatchObject({
    outcome: "pass",
    details: { counts: { kept: 5, lost: 0, indeterminatePresent: 1, indeterminateAbsent: 2 } },
  });
});

test("a loss and a duplicate do not cancel out", () => {
  const doubled = [["dep-01", 3, "lost", 2] as const, ...rows(1, 2, 4)];
  expect(check(acked, readBack(20_000, doubled))).toMatchObject({
    because: expect.stringMatching(/^1 acknowledged write lost.*, 1 duplicated$/),
    details: { counts: { lost: 1, duplicated: 1 } },
  });
});

test("refused and absent is nothing; refused and there all the same is told", () => {
  const refused = [marker("lost", 6, 9_600, fail("25006")), marker("survivor", 1, 9_700, fail("ECONNREFUSED"))];
  expect(check(acked, refused, readBack(20_000, rows(1, 2, 3, 4, 5, 6)))).toMatchObject({
    because: expect.stringContaining("1 refused and there all the same"),
    details: { counts: { never: 1, resurrected: 1 } },
  });
});

test("the survivor's own loss is a failure, whatever the time", () => {
  const late = [marker("survivor", 1, 15_000), marker("survivor", 2, 16_000)];
  expect(check(acked, late, readBack(20_000, [...rows(1, 2, 3, 4, 5), ["dep-01", 2, "survivor", 1]]))).toMatchObject({
    outcome: "fail",
    because:
      "1 acknowledged write lost, 1 of them acknowledged by the survivor itself, 1 kept although an earlier one is lost",
  });
});

test("what was acknowledged after the reading cannot be missed by it", () => {
  expect(check(acked, marker("survivor", 9, 21_000), readBack(20_000, rows(1, 2, 3, 4, 5)))).toMatchObject({
    outcome: "pass",
    details: { counts: { lost: 0, unread: 1 } },
  });
});

test("is unknown without a reading of the survivor, and without a marker at risk", () => {
  expect(check(acked)).toMatchObject({ outcome: "unknown", because: expect.stringContaining("never read back") });
  expect(
    check(acked, did("probe/ledger read", [20_000, 20_050], { region: "survivor" }, fail("timeout"))),
  ).toMatchObject({
    outcome: "unknown",
  });
  expect(check(readBack(20_000, []))).toMatchObject({ outcome: "unknown" });
  const two = rpoDatabase.check(literal(start, lostAt10s(), acked, readBack(20_000, rows(1, 2, 3, 4, 5))), day);
  expect(two).toMatchObject({ outcome: "unknown", because: expect.stringContaining("no marker of dep-02") });
});

test("everything gone has no upper bound", () => {
  expect(check(acked, readBack(20_000, []))).toMatchObject({ outcome: "fail", measured: { low: 24_950, high: null } });
});
