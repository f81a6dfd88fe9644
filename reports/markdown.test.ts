import { expect, test } from "vitest";
import { checkers, roundTripCheckers } from "../checkers/index.ts";
import { judge } from "../harness/judge.ts";
import { roundTripHistory } from "./example/round-trip.ts";
import { exampleHistory } from "./example-history.ts";
import { exampleResult } from "./example-result.ts";
import { markdown } from "./markdown.ts";

const history = exampleHistory({ deployments: 12 });
const result = exampleResult(history, judge(history, checkers));

test("says what came of it, and shows the ten slowest deployments", () => {
  const text = markdown(result, history);
  expect(text).toContain("## ✅ PASS: Lose the primary region");
  expect(text).toMatch(/\| RTO \| at most 1 h \| .* \| .* \| ✅ pass \|/);
  expect(text.match(/^\| dep-/gm)).toHaveLength(10);
});

test("text of a run stays text, in one row of its table", () => {
  const verdicts = result.verdicts.map((one) => ({ ...one, outcome: "fail" as const, because: "<b>|\n`x` [a](b)" }));
  const text = markdown({ ...result, verdicts }, history);
  expect(text).toContain("&lt;b>\\| \\`x\\` \\[a\\](b)");
});

test("is cut before CI drops it whole", () => {
  const text = markdown({ ...result, because: "é".repeat(300_000) }, history);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(200_000);
  expect(text).toMatch(/the whole story is in `report\.html`\.\n$/);
});

test("each drill has a table of its own", () => {
  const both = roundTripHistory();
  const text = markdown(exampleResult(both, judge(both, roundTripCheckers)), both);
  const [, failover = "", failback = ""] = text.split(/^\*\*fail.*\*\*$/m);
  expect(failover).toMatch(/\| RTO \|.*\| RPO database \|.*\| RPO objects \|.*\| RPO images \|/s);
  expect(failback).toMatch(/\| RTO \|.*\| Writes lost \| none \| 0 writes lost \|/s);
  expect(text).toContain("The slowest deployments in the failback");
});
