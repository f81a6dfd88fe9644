import { expect, test } from "vitest";
import { did, literal, ok } from "../history/literal.ts";
import { inDrill } from "./drill.ts";
import { day, lostAt10s, marker, readBack } from "./literal-day.ts";
import { rpoDatabase } from "./rpo-database.ts";

const failback = { name: "failback", from: "survivor", to: "lost", objectives: { writesLostAtMost: 0 } };
const context = { ...day, drills: [{ name: "failover", from: "lost", to: "survivor" }, failback] };
const moved = (present: readonly number[]) =>
  literal(
    lostAt10s(30_000),
    did("run/play drill", [40_000, 55_000], failback),
    did("failover/control-plane request", [40_100, 40_150], { phase: "failback" }),
    day.deployments.flatMap((name) => [1, 2].map((seq) => marker("survivor", seq, 39_000 + seq, ok(), name))),
    did(
      "probe/ledger read",
      [50_000, 50_100],
      { region: "lost" },
      ok({ rows: day.deployments.flatMap((name) => present.map((seq) => [name, seq, "survivor", 1])) }),
    ),
  );

test("a planned move is asked about what it left, under its own name and its own promise", () => {
  const checker = inDrill("failback", rpoDatabase);
  expect(checker.name).toBe("failback-rpo-database");
  expect(checker.check(moved([1, 2]), context)).toMatchObject({
    checker: "failback-rpo-database",
    drill: "failback",
    outcome: "pass",
    measured: { low: 0, high: 0, limit: 0, unit: "writes lost" },
  });
});

test("one write lost in a planned move is one too many", () => {
  const verdict = inDrill("failback", rpoDatabase).check(moved([1]), context);
  expect(verdict).toMatchObject({ outcome: "fail", measured: { low: 2, limit: 0 } });
  expect(verdict.because).toContain("failback: 2 acknowledged writes lost");
});

test("nothing is known of a drill that the run did not have", () => {
  expect(inDrill("failback", rpoDatabase).check(literal(lostAt10s()), day)).toMatchObject({ outcome: "unknown" });
  expect(inDrill("failback", rpoDatabase).check(literal(lostAt10s(), readBack(20_000, [])), context)).toMatchObject({
    outcome: "unknown",
  });
});
