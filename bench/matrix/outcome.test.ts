import { expect, test } from "vitest";
import { isExact, rates, score, seenIn } from "./outcome.ts";

const seen = (failed: readonly string[], unknown: readonly string[] = []) => ({ failed, unknown });

test("a defect is found exactly when its checkers failed and nothing else is amiss", () => {
  const exact = score({ found: ["rto"], open: ["tasks"] }, seen(["rto"], ["tasks", "time-unprotected"]), [
    "time-unprotected",
  ]);
  expect(exact).toEqual({ hits: ["rto"], missed: [], false: [], blind: [] });
  expect(isExact(exact)).toBe(true);
});

test.each([
  ["missed", seen(["stages"]), { missed: ["rto"] }],
  ["found by a checker that has no cause", seen(["rto", "stages", "rpo-database"]), { false: ["rpo-database"] }],
  ["unknown to a checker that has no cause", seen(["rto", "stages"], ["steady-state"]), { blind: ["steady-state"] }],
  [
    "kept from being measured, because no day began",
    { environment: "no healthy platform" },
    { false: ["environment"] },
  ],
])("a defect that is %s is not", (_, given, why) => {
  const one = score({ found: ["rto", "stages"] }, given, []);
  expect(one).toMatchObject(why);
  expect(isExact(one)).toBe(false);
});

test("a checker that may go either way is neither a hit nor a false finding", () => {
  for (const given of [seen(["rto", "tasks"]), seen(["rto"], ["tasks"]), seen(["rto"])])
    expect(isExact(score({ found: ["rto"], open: ["tasks"] }, given, []))).toBe(true);
});

test("a standby that cannot become healthy is found when no day begins", () => {
  expect(isExact(score({ found: "environment" }, { environment: "no healthy platform" }, []))).toBe(true);
  expect(isExact(score({ found: "environment" }, seen([]), []))).toBe(false);
});

test("precision and recall count findings", () => {
  const scores = [
    score({ found: ["rto", "stages"] }, seen(["rto"]), []),
    score({ found: ["tasks"] }, seen(["tasks", "rto"]), []),
    score({ found: [] }, seen([]), []),
  ];
  expect(rates(scores)).toEqual({ precision: 2 / 3, recall: 2 / 3 });
  expect(rates([])).toEqual({});
});

test("what a day said is told by checker", () => {
  const verdicts = (["pass", "fail", "unknown"] as const).map((outcome, n) => ({
    checker: `c${n}`,
    kind: "objective" as const,
    outcome,
    because: "",
    evidence: [],
  }));
  expect(seenIn({ verdicts })).toEqual(seen(["c1"], ["c2"]));
});
