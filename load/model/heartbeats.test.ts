import { expect, test } from "vitest";
import { deathRule, heartbeatSchedule } from "./heartbeats.ts";

test("beats come at the phase and every interval after it, whenever the last one was sent", () => {
  const schedule = heartbeatSchedule(300, 1_000, 0);
  expect(schedule.dueMs).toBe(300);
  expect(schedule.take(300, 0)).toEqual({ dueMs: 300, lateMs: 0, missed: 0, blocked: false });
  expect(schedule.take(1_340, 310)).toEqual({ dueMs: 1_300, lateMs: 40, missed: 0, blocked: false });
  expect(schedule.dueMs).toBe(2_300);
});

test("a task that starts between two beats waits for the next one", () => {
  expect(heartbeatSchedule(300, 1_000, 5_301).dueMs).toBe(6_300);
  expect(heartbeatSchedule(300, 1_000, 5_300).dueMs).toBe(5_300);
});

test("beats that pass while the sender is busy are missed, and the next is on the old schedule", () => {
  const schedule = heartbeatSchedule(0, 1_000, 0);
  schedule.take(0, 0);
  expect(schedule.take(3_200, 3_200)).toEqual({ dueMs: 3_000, lateMs: 200, missed: 2, blocked: true });
  expect(schedule.dueMs).toBe(4_000);
});

test("a sender that was free when the beat came due is not blocked, however late it wakes", () => {
  expect(heartbeatSchedule(0, 1_000, 0).take(700, 0)).toMatchObject({ lateMs: 700, blocked: false });
});

test("a task is given up after so many failures in a row", () => {
  const rule = deathRule(3, 60_000, 0);
  expect([rule.failed(1_000), rule.failed(2_000)]).toEqual([false, false]);
  rule.heard(3_000);
  expect([rule.failed(4_000), rule.failed(5_000), rule.failed(6_000)]).toEqual([false, false, true]);
});

test("a task is given up when the last acknowledged heartbeat is too old, counted from its start at first", () => {
  const rule = deathRule(20, 10_000, 500);
  expect(rule.failed(10_500)).toBe(false);
  expect(rule.failed(10_501)).toBe(true);
  rule.heard(20_000);
  expect(rule.failed(30_000)).toBe(false);
});
