import { expect, test } from "vitest";
import { type Did, did, fail, literal, ok } from "../history/literal.ts";
import { bothSampled, day, lostAt10s, marker, readBack, start, task, tasksRead } from "./literal-day.ts";
import { tasksChecker } from "./tasks.ts";

// Patience of 20 s of real time is 2 s here; the deployments are back at 15 s and are read at 25 s.
const tasks = tasksChecker({ stuckAfterMs: 20_000 });
const recovered = bothSampled("++++++++++-----+++++++++++++++");
const check = (...listed: (Did | readonly Did[])[]) =>
  tasks.check(literal(start, lostAt10s(), recovered, ...listed), day);
const row = (id: string, attempt: number, state: string) => ({ id, try: attempt, state });
const out = (id: string, attempt: number, worker: string) => ({ id, try: attempt, worker });
/** The newest marker that was kept was sent at 9 s: a commit after that may be lost. */
const lossFrom9s = [marker("lost", 1, 9_000), marker("lost", 2, 9_500), readBack(20_000, [["dep-01", 1, "lost", 1]])];

test("passes when tasks go on or are run again once", () => {
  const verdict = check(
    lossFrom9s,
    [task("start", "a", 5_000), task("finish", "a", 18_000)],
    [task("start", "b", 5_000, "w2"), task("killed", "b", 13_000, "w2"), task("start", "b", 16_000, "w3", 2)],
    [task("start", "c", 5_000, "w4"), task("finish", "c", 9_000, "w4")],
    tasksRead(
      25_000,
      [row("a", 1, "success"), row("b", 2, "running"), row("c", 1, "success")],
      [out("a", 1, "w1"), out("c", 1, "w4")],
    ),
  );
  expect(verdict).toMatchObject({
    outcome: "pass",
    because: "no task lost, 1 of 2 restarted",
    measured: { low: 0, high: 0, limit: 0, unit: "tasks lost" },
    details: { counts: { alive: 2, kept: 1, restarted: 1 } },
  });
});

test("a task that the survivor does not know is lost, with the op that acknowledged its start as evidence", () => {
  const verdict = check(lossFrom9s, task("start", "a", 5_000), tasksRead(25_000, []));
  expect(verdict).toMatchObject({
    outcome: "fail",
    because: "1 of 1 task lost (dep-01/a)",
    measured: { low: 1, high: 1 },
  });
  const [lost] = (verdict.details as { lost: { index: number }[] }).lost;
  expect(verdict.evidence).toContain(lost?.index);
});

test("a task whose start the database lost with its last commits is counted there, not here", () => {
  expect(check(lossFrom9s, task("start", "a", 9_300), tasksRead(25_000, []))).toMatchObject({
    outcome: "pass",
    because: "no task lost, 1 unknown to the survivor, whose database lost their start",
  });
  expect(check(task("start", "a", 9_300), tasksRead(25_000, []))).toMatchObject({
    outcome: "unknown",
    measured: { low: 0, high: 1 },
  });
});

test("a task that runs on nobody is stuck once the platform had time to see it", () => {
  const abandoned = [task("start", "a", 5_000), task("killed", "a", 14_000)];
  expect(check(lossFrom9s, abandoned, tasksRead(25_000, [row("a", 1, "running")]))).toMatchObject({
    outcome: "fail",
    because: "1 of 1 task lost, 1 of them stuck (dep-01/a)",
    details: { lost: [{ fate: "stuck", state: "running" }] },
  });
  expect(check(lossFrom9s, abandoned, tasksRead(16_500, [row("a", 1, "running")]))).toMatchObject({
    outcome: "unknown",
  });
  expect(check(lossFrom9s, abandoned, tasksRead(16_500, [row("a", 2, "queued")]))).toMatchObject({ outcome: "pass" });
  expect(check(lossFrom9s, abandoned, tasksRead(25_000, [row("a", 2, "queued")]))).toMatchObject({ outcome: "fail" });
});

test("a task that is queued for its next try waits for a worker's next ask before it is stuck", () => {
  const asks = did("load/engine start", [100, 900], { engine: "k6", asksWithinMs: 9_000 }, ok({}));
  const abandoned = [asks, task("start", "a", 5_000), task("killed", "a", 14_000)];
  // Back at 15 s, seen by 17 s, taken by 26 s.
  expect(check(lossFrom9s, abandoned, tasksRead(25_900, [row("a", 2, "queued")]))).toMatchObject({ outcome: "pass" });
  expect(check(lossFrom9s, abandoned, tasksRead(26_100, [row("a", 2, "queued")]))).toMatchObject({ outcome: "fail" });
  // To see that a worker has given it up is the platform's own part.
  expect(check(lossFrom9s, abandoned, tasksRead(17_100, [row("a", 1, "running")]))).toMatchObject({ outcome: "fail" });
});

test("what happens after the heal saves no task", () => {
  const late = [task("start", "a", 5_000), task("start", "a", 31_000, "w2", 2)];
  expect(check(lossFrom9s, late, tasksRead(25_000, []))).toMatchObject({ outcome: "fail" });
});

test("a task that the platform gave up is lost", () => {
  expect(check(lossFrom9s, task("start", "a", 5_000), tasksRead(25_000, [row("a", 3, "failed")]))).toMatchObject({
    outcome: "fail",
  });
});

const twice = (...events: Did[]) =>
  check(
    lossFrom9s,
    events,
    task("start", "b", 5_000, "w9"),
    tasksRead(25_000, [row("a", 2, "success"), row("b", 1, "running")], [out("a", 1, "w1"), out("a", 2, "w2")]),
  );

test("work done twice is told by its outputs, not by its row", () => {
  expect(
    twice(
      task("start", "a", 5_000),
      task("refused", "a", 17_000),
      task("start", "a", 16_000, "w2", 2),
      task("finish", "a", 18_000, "w2", 2),
    ),
  ).toMatchObject({
    outcome: "fail",
    because: "no task lost, 1 task run twice (dep-01/a), 1 of 2 restarted",
    measured: { low: 1, high: 1, limit: 0, unit: "tasks run twice" },
  });
});

test("work done again is right when the fault took the acknowledgement, or the database lost it", () => {
  const again = [task("start", "a", 16_000, "w2", 2), task("finish", "a", 18_000, "w2", 2)];
  const explained = { outcome: "pass", details: { counts: { runTwice: 0, runTwiceExplained: 1 } } };
  expect(twice(task("start", "a", 5_000), task("lost-ack", "a", 12_000), ...again)).toMatchObject(explained);
  expect(twice(task("start", "a", 5_000), task("finish", "a", 9_700), ...again)).toMatchObject(explained);
  // The survivor had this one: its kept marker was sent later.
  expect(twice(task("start", "a", 5_000), task("finish", "a", 8_000), ...again)).toMatchObject({ outcome: "fail" });
});

test("work that was done twice before the fault is not the failover's doing", () => {
  const before = [
    task("start", "a", 2_000),
    task("finish", "a", 3_000),
    task("start", "a", 4_000, "w2", 2),
    task("finish", "a", 5_000, "w2", 2),
  ];
  expect(twice(...before)).toMatchObject({ outcome: "pass", details: { counts: { runTwice: 0 } } });
  const refused = before.with(1, task("refused", "a", 3_000));
  expect(twice(...refused)).toMatchObject({ outcome: "pass", details: { counts: { runTwice: 0 } } });
});

test("an execution that only its output tells of is in question", () => {
  expect(twice(task("start", "a", 2_000), task("finish", "a", 3_000))).toMatchObject({ outcome: "fail" });
});

test("work whose end could not be said is rightly done again, once its worker has left it", () => {
  const again = [task("start", "a", 18_000, "w2", 2), task("finish", "a", 20_000, "w2", 2)];
  const explained = { outcome: "pass", details: { counts: { runTwice: 0, runTwiceExplained: 1 } } };
  expect(twice(task("start", "a", 5_000), task("refused", "a", 17_000), ...again)).toMatchObject(explained);
  expect(twice(task("start", "a", 5_000), task("killed", "a", 13_000), ...again)).toMatchObject(explained);
  expect(twice(task("start", "a", 5_000), task("killed", "a", 19_000), ...again)).toMatchObject({ outcome: "fail" });
  // Refused while the other began: one that said its end had done its work before it asked; one that said that it lives had not.
  const slowly = (call: string): Did =>
    did(
      "load/tasks task",
      [17_500, 18_500],
      { event: "refused", worker: "w1", deployment: "dep-01", id: "a", try: 1 },
      fail(`${call}: HTTP 409`),
    );
  expect(twice(task("start", "a", 5_000), slowly("state"), ...again)).toMatchObject(explained);
  expect(twice(task("start", "a", 5_000), slowly("heartbeat"), ...again)).toMatchObject({ outcome: "fail" });
});

test("a repeated call of one execution is not a second execution", () => {
  const repeated = [out("a", 1, "w1"), out("a", 1, "w1")];
  expect(
    check(lossFrom9s, task("start", "a", 5_000), tasksRead(25_000, [row("a", 1, "success")], repeated)),
  ).toMatchObject({ outcome: "pass" });
});

test("a second run is undecided when nobody knows what the database lost", () => {
  const events = [
    task("start", "a", 5_000),
    task("finish", "a", 9_700),
    task("start", "a", 16_000, "w2", 2),
    task("finish", "a", 18_000, "w2", 2),
  ];
  expect(
    check(events, task("start", "b", 5_000, "w5"), tasksRead(25_000, [row("a", 2, "success"), row("b", 1, "running")])),
  ).toMatchObject({
    outcome: "unknown",
    measured: { low: 0, high: 1, unit: "tasks run twice" },
  });
});

test("is unknown when no task was seen alive, when a deployment was not read, and without a fault", () => {
  expect(check(tasksRead(25_000, []))).toMatchObject({ outcome: "unknown" });
  expect(
    check(lossFrom9s, task("start", "a", 5_000), tasksRead(25_000, [row("a", 1, "running")]).slice(0, 1)),
  ).toMatchObject({
    outcome: "unknown",
    because: "no task lost, tasks of dep-02 were not read",
  });
  expect(tasks.check(literal(start, task("start", "a", 5_000)), day)).toMatchObject({ outcome: "unknown" });
});
