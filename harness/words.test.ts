import { expect, test } from "vitest";
import { countOf, duration, some } from "./words.ts";

test("durations are said as people say them", () => {
  expect([0, 840, 12_340, 59_960, 700_000, 3_600_000, 3_725_000].map(duration)).toEqual([
    "0 ms",
    "840 ms",
    "12.3 s",
    "1 min",
    "11 min 40 s",
    "1 h",
    "1 h 2 min",
  ]);
});

test("counts agree with their noun", () => {
  expect([0, 1, 1_200].map((count) => countOf(count, "task"))).toEqual(["no task", "1 task", "1,200 tasks"]);
});

test("of many names the first few are said", () => {
  expect(some(["a", "b", "c", "d", "e"])).toBe("a, b, c and 2 more");
  expect(some(["a"])).toBe("a");
});
