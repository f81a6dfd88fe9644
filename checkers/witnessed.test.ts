import { expect, test } from "vitest";
import { type Did, did, fail, literal } from "../history/literal.ts";
import { beating, day, look, lostAt10s } from "./literal-day.ts";
import { outageOf } from "./outage.ts";
import { tasksServed, witnessed } from "./witnessed.ts";

const seen = (...looks: (Did | readonly Did[])[]) => {
  const history = literal(lostAt10s(), ...looks);
  const outage = outageOf(history);
  return outage && { stage: witnessed(history, "writer", outage), tasks: tasksServed(history, outage, day) };
};

test("done lies between the last look that found it undone and the first that found it done, after the fault only", () => {
  const looks = [
    look("writer", 5_000, true),
    look("writer", 12_000, false),
    look("dns", 12_500, true),
    look("writer", 13_000, true),
    look("writer", 14_000, false, "standby"),
  ];
  expect(seen(looks)?.stage).toMatchObject({ low: 12_000, high: 13_005, lastSeen: "standby" });
});

test("a look that failed tells nothing but its error; what was seen after the heal tells nothing", () => {
  const failed = did("probe/witness look", [12_000, 12_800], { stage: "writer" }, fail("ECONNREFUSED"));
  expect(seen(failed, look("writer", 31_000, true))?.stage).toEqual({
    low: 10_000,
    high: null,
    lastSeen: "ECONNREFUSED",
    evidence: [],
  });
  expect(seen(failed, look("writer", 13_000, true))?.stage).toMatchObject({ low: 10_000, high: 13_005 });
  expect(seen(look("writer", 5_000, true))?.stage).toBeUndefined();
});

test("tasks are served when they are alive and answered again, for some seconds in a row", () => {
  expect(seen(beating("++++++++++----+-++++++"))?.tasks).toMatchObject({ low: 15_000, high: 17_000 });
  expect(seen(beating("++++++++++----++"))?.tasks).toMatchObject({
    high: null,
    lastSeen: "4 alive, 100 of 100 heartbeats answered",
  });
  expect(seen(beating("++++++++++++++++"))?.tasks).toMatchObject({ low: 10_000, high: 10_200 });
  expect(seen()?.tasks).toBeUndefined();
});

test("a few tasks that are answered are not all tasks", () => {
  const few = beating("                ++++++", 1).filter(({ began }) => began >= 16_000);
  expect(seen(beating("++++++++++------"), few)?.tasks).toMatchObject({ high: null });
});
