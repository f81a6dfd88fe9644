import { expect, test } from "vitest";
import { did, literal } from "../history/literal.ts";
import { once } from "./once.ts";

test("the same question is answered once for each history", () => {
  const [one, other] = [literal(did("run/play start", [0, 1])), literal(did("run/play start", [0, 1]))];
  let asked = 0;
  const ask = (history: typeof one, question: string): number => once(history, question, () => ++asked);
  expect([ask(one, "a"), ask(one, "a"), ask(one, "b"), ask(other, "a"), ask(one, "b")]).toEqual([1, 1, 2, 3, 2]);
});

test("an answer that is nothing is an answer, and one that failed is none", () => {
  const history = literal();
  let asked = 0;
  const nothing = (): undefined => void asked++;
  expect([once(history, "a", nothing), once(history, "a", nothing), asked]).toEqual([undefined, undefined, 1]);
  const failing = (): never => {
    throw new Error("no");
  };
  expect(() => once(history, "b", failing)).toThrow("no");
  expect(once(history, "b", () => 1)).toBe(1);
});
