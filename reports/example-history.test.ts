import { expect, test } from "vitest";
import { troublesOf } from "../history/literal.ts";
import { exampleHistory } from "./example-history.ts";

test("the same options give the same history, another seed another one", () => {
  const small = { deployments: 3, tasks: 12 };
  expect(exampleHistory(small).ops).toEqual(exampleHistory(small).ops);
  expect(exampleHistory({ ...small, seed: "other" }).ops).not.toEqual(exampleHistory(small).ops);
});

test("it is a history as a journal would write it", () => {
  expect(troublesOf(exampleHistory({ deployments: 3, tasks: 12 }))).toEqual([]);
});
