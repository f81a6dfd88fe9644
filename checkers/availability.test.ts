import { expect, test } from "vitest";
import { literal } from "../history/literal.ts";
import { downs, seriesOf, unionMs } from "./availability.ts";
import { day, sampled } from "./literal-day.ts";

const { timing } = day;
const series = (signs: string) => {
  const [one] = seriesOf(literal(sampled("dep-01", signs, { kind: "shallow" })), timing);
  if (one === undefined) throw new Error("no series");
  return one;
};
const when = (signs: string, unknownIs: "up" | "down") =>
  downs(series(signs).samples, timing, unknownIs).map(({ at, until }) => [at, until?.low, until?.high]);

test("down begins at the intended time of the first of two failures, up is back-dated to the first of three successes", () => {
  //     0123456789
  expect(when("+++---++++", "up")).toEqual([[3_000, 5_000, 6_010]]);
});

test("one failure is not down, two successes are not up", () => {
  expect(when("++-+-+", "up")).toEqual([]);
  expect(when("+--++-+++", "up")).toEqual([[1_000, 5_000, 6_010]]);
});

test("what never came back has no end", () => {
  expect(when("+--++", "up")).toEqual([[1_000, undefined, undefined]]);
});

test("the beginning lies between the last success and the answer to the first failure", () => {
  const [down] = downs(series("++---").samples, timing, "up");
  expect(down?.from).toEqual({ low: 1_000, high: 2_800 });
});

test.each([
  ["an uncertain", "?"],
  ["a late", "l"],
  ["a missing", "."],
])("%s sample is neither up nor down: it widens the interval", (_, sign) => {
  const signs = `+--${sign}++++`;
  expect(when(signs, "up")).toEqual([[1_000, 2_000, 3_000 + (sign === "." ? 0 : sign === "?" ? 800 : 910)]]);
  expect(when(signs, "down")).toEqual([[1_000, sign === "l" ? 3_900 : 3_000, 4_010]]);
});

test("unknown samples alone may be a down, and may be none", () => {
  expect(when("++..+++", "up")).toEqual([]);
  expect(when("++..+++", "down")).toEqual([[2_000, 3_000, 4_010]]);
});

test("a sample that never ended is unknown", () => {
  const { samples } = series("++");
  expect([...samples].map(({ state }) => state)).toEqual(["up", "up"]);
  const cut = literal(
    sampled("dep-01", "++", { kind: "deep" }).map((one, n) => (n === 1 ? { ...one, ended: undefined } : one)),
  );
  expect([...(seriesOf(cut, timing)[0]?.samples ?? [])].map(({ state }) => state)).toEqual(["up", "unknown"]);
});

test("samples missing at the ends of a series are put in as far as other series go", () => {
  const history = literal(
    sampled("dep-01", "++++++", { kind: "deep" }),
    sampled("dep-02", "++", { kind: "deep", fromMs: 2_300 }),
  );
  const [, second] = seriesOf(history, timing);
  expect([...(second?.samples ?? [])].map(({ due, state }) => [due, state])).toEqual([
    [300, "unknown"],
    [1_300, "unknown"],
    [2_300, "up"],
    [3_300, "up"],
    [4_300, "unknown"],
  ]);
});

test("time in overlapping spans counts once", () => {
  expect(
    unionMs([
      { low: 5, high: 10 },
      { low: 0, high: 6 },
      { low: 20, high: 21 },
    ]),
  ).toBe(11);
});
