import { expect, test } from "vitest";
import { interval, quantity, running } from "./format.ts";

test("intervals read as a reader says them", () => {
  expect(interval({ low: 27_400, high: 30_000 }, "ms")).toBe("[27.4 s, 30 s]");
  expect(interval({ low: 27_401, high: 27_402 }, "ms")).toBe("27.4 s");
  expect(interval({ low: 34_800, high: null }, "ms")).toBe("more than 34.8 s");
  expect(interval({ low: 0, high: 1_185 }, "tasks lost")).toBe("[0, 1,185] tasks lost");
});

test("one of something is singular", () => {
  expect(quantity(1, "tasks lost")).toBe("1 task lost");
  expect(quantity(0, "tasks lost")).toBe("0 tasks lost");
});

test("a running clock keeps its decimal", () => {
  expect([12_000, 12_100, 120_000].map(running)).toEqual(["12.0 s", "12.1 s", "2 min"]);
});
