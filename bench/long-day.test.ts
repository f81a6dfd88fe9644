import { describe, expect, it } from "vitest";
import { checkers } from "../checkers/index.ts";
import { judge } from "../harness/judge.ts";
import { historyOf } from "../history/history-of.ts";
import { troublesOf } from "../history/literal.ts";
import { exampleHistory } from "../reports/example-history.ts";
import { longDay } from "./long-day.ts";

describe("a long day", () => {
  const example = exampleHistory();
  const history = historyOf([...longDay(90_000, example.ops)]);
  const outcomes = (of: typeof history) =>
    judge(of, checkers).verdicts.map(({ checker, outcome }) => `${checker}: ${outcome}`);
  const countsOf = (of: typeof history, name: string) =>
    Object(judge(of, checkers).verdicts.find(({ checker }) => checker === name)?.details).counts;

  it("is a history as a journal would write it, about as long as wanted", () => {
    expect(troublesOf(history)).toEqual([]);
    expect(Math.abs(history.ops.length - 90_000)).toBeLessThan(10_000);
    expect(history.ops.every(({ index }, n) => index === n)).toBe(true);
  });

  it("is judged as the example is, and loses neither more nor less", () => {
    expect(outcomes(history)).toEqual(outcomes(example));
    for (const name of ["rpo-database", "rpo-objects", "rpo-images"]) {
      const [long, short] = [countsOf(history, name), countsOf(example, name)];
      expect(long).toEqual({ ...short, kept: expect.any(Number), never: expect.any(Number) });
      expect(long.kept).toBeGreaterThan(short.kept);
    }
    expect(countsOf(history, "tasks")).toMatchObject({ lost: 0, stuck: 0, undecided: 0, runTwice: 0 });
    expect(countsOf(history, "tasks").alive).toBeGreaterThan(1_000);
  });
});
