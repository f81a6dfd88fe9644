import { expect, test } from "vitest";
import { roundTripCheckers } from "../checkers/index.ts";
import { judge } from "../harness/judge.ts";
import { troublesOf } from "../history/literal.ts";
import { roundTripHistory } from "./example/round-trip.ts";

const history = roundTripHistory();

test("it is a history as a journal would write it", () => {
  expect(troublesOf(history)).toEqual([]);
});

test("both drills are judged, each by what its own region took over", () => {
  const { verdicts } = judge(history, roundTripCheckers);
  const of = (name: string) => verdicts.find(({ checker }) => checker === name);
  expect(of("rto")).toMatchObject({ outcome: "pass" });
  expect(of("failback-rto")).toMatchObject({ outcome: "pass", drill: "failback" });
  expect(of("failback-rpo-database")).toMatchObject({ outcome: "pass", measured: { high: 0, unit: "writes lost" } });
  expect(of("rpo-objects")).toMatchObject({ details: { counts: { lost: 6, late: 6 } } });
  expect(of("time-unprotected")).toMatchObject({ outcome: "pass" });
});
