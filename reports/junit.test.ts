import { expect, test } from "vitest";
import { checkers, roundTripCheckers } from "../checkers/index.ts";
import { judge } from "../harness/judge.ts";
import type { Result } from "../harness/types.ts";
import { roundTripHistory } from "./example/round-trip.ts";
import { exampleHistory } from "./example-history.ts";
import { exampleResult } from "./example-result.ts";
import { junit } from "./junit.ts";

function resultOf(recovers: boolean): Result {
  const history = exampleHistory({ deployments: 6, tasks: 1_200, recovers });
  return exampleResult(history, judge(history, checkers));
}
const lines = (xml: string, start: string): string[] => xml.split("\n").filter((line) => line.startsWith(start));

test("a good run passes one case for each objective, each check and each deployment", () => {
  const xml = junit(resultOf(true));
  expect(
    lines(xml, "<testsuite ").map((line) =>
      /tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/.exec(line)?.slice(1),
    ),
  ).toEqual([
    ["8", "0", "0", "0"],
    ["5", "0", "0", "0"],
    ["6", "0", "0", "0"],
  ]);
  const names = lines(xml, "<testcase ").map((line) =>
    /classname="([^"]+)" name="([^"]+)"/.exec(line)?.slice(1).join("/"),
  );
  expect(new Set(names).size).toBe(19);
});

test("a missed objective is a failure, what is not known is skipped", () => {
  const xml = junit(resultOf(false));
  expect(lines(xml, "<failure")).toHaveLength(1 + 6);
  expect(lines(xml, "<skipped")).toHaveLength(3);
  expect(lines(xml, "<error")).toHaveLength(0);
});

test("a run that cannot be believed is an error, and what it says is escaped", () => {
  const good = resultOf(true);
  const verdicts = good.verdicts.map((one) =>
    one.kind === "validity" ? { ...one, outcome: "fail" as const, because: `<none> & "nothing"` } : one,
  );
  const xml = junit({ ...good, verdicts });
  expect(lines(xml, "<error")[0]).toBe(
    '<error message="&lt;none&gt; &amp; &quot;nothing&quot;" type="fail">&lt;none&gt; &amp; &quot;nothing&quot;</error>',
  );
});

test("of two drills each has its own cases, none with the name of another", () => {
  const both = roundTripHistory();
  const result = exampleResult(both, judge(both, roundTripCheckers));
  const names = lines(junit(result), "<testcase ").map((line) =>
    /classname="([^"]+)" name="([^"]+)"/.exec(line)?.slice(1).join("/"),
  );
  expect(names).toEqual(
    expect.arrayContaining([
      "gameday.round-trip.failover.objectives/RTO",
      "gameday.round-trip.failback.objectives/RTO",
      "gameday.round-trip.failback.deployments/dep-01",
    ]),
  );
  expect(new Set(names).size).toBe(names.length);
});

test("where nothing moves, no deployment is said not to have been watched", () => {
  const result = resultOf(true);
  const verdicts = result.verdicts.filter(({ checker }) => checker !== "rto");
  expect(junit({ ...result, verdicts, drills: [] })).not.toContain("deployments");
});
