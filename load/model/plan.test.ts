import { expect, test } from "vitest";
import { slotOf, usersOf } from "./plan.ts";

const deployments = Array.from({ length: 80 }, (_, index) => ({
  name: `dep-${index + 1}`,
  host: `dep-${index + 1}.example`,
}));
const tasks = {
  workers: 1_200,
  heartbeatEveryMs: 2_000,
  heartbeatTimeoutMs: 10_000,
  failedHeartbeatsAtMost: 20,
  pollEveryMs: 1_000,
};

test("1,200 slots are 15 workers for each of 80 deployments, and no two are the same", () => {
  const slots = Array.from({ length: 1_200 }, (_, index) => slotOf({ deployments, tasks }, index));
  expect(new Set(slots.map(({ worker }) => worker)).size).toBe(1_200);
  for (const { name } of deployments) expect(slots.filter(({ deployment }) => deployment === name)).toHaveLength(15);
});

test("the slots' phases fill the heartbeat interval evenly", () => {
  const phases = Array.from({ length: 1_200 }, (_, index) => slotOf({ deployments, tasks }, index).phaseMs);
  for (let from = 0; from < 2_000; from += 100)
    expect(phases.filter((phaseMs) => phaseMs >= from && phaseMs < from + 100)).toHaveLength(60);
});

test("a plan without deployments has no slots", () => {
  expect(() => slotOf({ deployments: [], tasks }, 0)).toThrow("no deployment");
});

test("there are users enough for the rate while every call runs into its timeout", () => {
  expect(usersOf({ deployments: [], users: { perSecond: 100 }, requestTimeoutMs: 2_000 })).toEqual({
    perSecond: 50,
    users: 201,
  });
  expect(usersOf({ deployments, users: { perSecond: 2 }, requestTimeoutMs: 2_000 }).users).toBe(80);
});
