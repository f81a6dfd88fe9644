import { describe, expect, it } from "vitest";
import { lostAt10s, marker, readBack, start } from "../checkers/literal-day.ts";
import { rpoDatabase } from "../checkers/rpo-database.ts";
import { contextOf } from "../harness/judge.ts";
import { type Did, fail, info, literal, ok } from "../history/literal.ts";
import { compare, type LedgerTruth } from "./ledger-truth.ts";

/** Markers 0 to 2 acknowledged, 3 in doubt, 4 refused; the survivor has 0 and 1. After the heal the old primary, which nobody fenced, accepts 5. */
const day: readonly Did[] = [
  start,
  ...lostAt10s(),
  ...[0, 1, 2].map((seq) => marker("lost", seq, 9_000 + 100 * seq)),
  marker("lost", 3, 9_900, info("silence")),
  marker("lost", 4, 9_950, fail("57P03")),
  readBack(20_000, [
    ["dep-01", 0, "lost", 1],
    ["dep-01", 1, "lost", 1],
  ]),
  marker("lost", 5, 31_000, ok({})),
];
const markers = (...seqs: number[]) => new Set(seqs.map((seq) => `dep-01/${seq}`));

function compared(truth: Partial<LedgerTruth>) {
  const history = literal(...day);
  const context = contextOf(history);
  if (typeof context === "string") throw new Error(context);
  const verdicts = [rpoDatabase.check(history, context)];
  return compare(history, verdicts, { onDisk: markers(0, 1, 2), inSurvivor: markers(0, 1), ...truth });
}

describe("the report against the disk", () => {
  it("is equal when what was acknowledged and is on the disk only was reported", () => {
    expect(compared({})).toEqual({ reported: 1, truly: 1, unacknowledged: 0, differences: [] });
  });

  it("grants the disk what was in doubt", () => {
    expect(compared({ onDisk: markers(0, 1, 2, 3) })).toEqual({
      reported: 1,
      truly: 1,
      unacknowledged: 1,
      differences: [],
    });
  });

  it("differs by which markers, though the count is the same", () => {
    expect(compared({ inSurvivor: markers(0, 2) })).toMatchObject({
      reported: 1,
      truly: 1,
      differences: [
        "reported lost, and not lost by the disk: dep-01/2",
        "lost by the disk, and not reported: dep-01/1",
      ],
    });
  });

  it("differs when an acknowledged marker is nowhere", () => {
    expect(compared({ onDisk: markers(0, 1) }).differences).toEqual([
      "reported lost, and not lost by the disk: dep-01/2",
      "acknowledged, and on no disk: dep-01/2",
    ]);
  });

  it("differs when a refused marker is on the disk, or the survivor has one that the disk has not", () => {
    expect(compared({ onDisk: markers(0, 1, 2, 4) }).differences).toEqual([
      "on the disk only, and neither acknowledged nor in doubt: dep-01/4",
    ]);
    expect(compared({ inSurvivor: markers(0, 1, 3) }).differences).toEqual([
      "in the survivor, and not on the disk it was replicated from: dep-01/3",
    ]);
  });
});
