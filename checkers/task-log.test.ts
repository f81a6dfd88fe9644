import { expect, test } from "vitest";
import { literal } from "../history/literal.ts";
import { task } from "./literal-day.ts";
import { taskLog } from "./task-log.ts";

const history = literal(
  [task("start", "done", 1_000), task("finish", "done", 2_000)],
  [task("start", "again", 1_000), task("finish", "again", 2_000), task("start", "again", 4_000, "w2", 2)],
  [task("start", "late", 1_000), task("finish", "late", 6_000)],
);
const log = taskLog(history, 5_000, 10_000);
const told = (id: string) => log.of({ deployment: "dep-01", id }).map(({ event, ended, try: n }) => [event, ended, n]);

test("the events of a task are the same whether they were kept or are read again", () => {
  expect(told("done")).toEqual([
    ["start", 1_000, 1],
    ["finish", 2_000, 1],
  ]);
  expect(told("again")).toEqual([
    ["start", 1_000, 1],
    ["finish", 2_000, 1],
    ["start", 4_000, 2],
  ]);
  expect(told("unheard of")).toEqual([]);
});

test("who was done with once before anything was broken is not open; its end is told all the same", () => {
  expect([...log.open()].map(([first]) => first?.id)).toEqual(["again", "late"]);
  expect([...log.finishes()].map(({ id, try: n, worker }) => [id, n, worker])).toEqual([
    ["done", 1, "w1"],
    ["again", 1, "w1"],
    ["late", 1, "w1"],
  ]);
});
