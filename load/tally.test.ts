import { expect, test } from "vitest";
import type { Observation } from "../harness/types.ts";
import type { Line } from "./model/lines.ts";
import { createTally } from "./tally.ts";

const wallOriginMs = 1_795_000_000_000;
const plan = {
  deployments: [
    { name: "dep-01", host: "dep-01.example" },
    { name: "dep-02", host: "dep-02.example" },
  ],
  tasks: {
    workers: 4,
    heartbeatEveryMs: 1_000,
    heartbeatTimeoutMs: 5_000,
    failedHeartbeatsAtMost: 3,
    pollEveryMs: 500,
  },
};

/** What the history is told after these lines, whose times are on the run's clock, when all seconds before `beforeMs` are written. */
function told(lines: readonly Line[], beforeMs = 0): Observation[] {
  const seen: Observation[] = [];
  const tally = createTally(plan, (one) => seen.push(one), {
    toRun: (wallMs) => wallMs - wallOriginMs,
    regionOf: (address) => (address.startsWith("127.10.") ? "us-east-2" : undefined),
  });
  for (const line of lines) tally.add(line);
  tally.write(beforeMs);
  return seen;
}
const beat = (slot: number, dueMs: number, lateMs: number, tookMs: number, status: number, missed = 0): Line => [
  "h",
  slot,
  wallOriginMs + dueMs,
  lateMs,
  missed,
  missed > 0 ? 1 : 0,
  tookMs,
  status,
];
const start = (slot: number, atMs: number): Line => [
  "t",
  "start",
  "ok",
  slot,
  wallOriginMs + atMs - 5,
  wallOriginMs + atMs,
  `task-${slot}`,
  1,
  "",
  "127.10.0.3",
];
const results = (seen: readonly Observation[], process: string) =>
  seen.filter((one) => one.process === process).map(({ result }) => result);

test("a second's heartbeats are counted by the time at which they were due", () => {
  const seen = told([beat(0, 1_100, 1, 4, 204), beat(1, 1_350, 3, 900, 0), beat(2, 2_000, 2, 5, 503)], 3_000);
  expect(seen.map(({ value, began, ended }) => ({ value, began, ended }))).toEqual([
    { value: { second: 1 }, began: 1_000, ended: 2_000 },
    { value: { second: 2 }, began: 2_000, ended: 3_000 },
  ]);
  expect(results(seen, "load/heartbeats")).toMatchObject([
    { due: 2, sent: 2, ok: 1, failed: 1, missed: 0, lateP50Ms: 1, lateMaxMs: 3, msP99: 900, failedBy: { "dep-02": 1 } },
    { due: 1, sent: 1, ok: 0, failed: 1, failedBy: { "dep-01": 1 } },
  ]);
});

test("missed heartbeats belong to the seconds in which they were due, and a blocked one says nothing about lateness", () => {
  const seen = told([beat(0, 1_100, 0, 2_950, 0), beat(0, 4_100, 150, 5, 204, 2)], 5_000);
  expect(results(seen, "load/heartbeats")).toMatchObject([
    { due: 1, sent: 1, missed: 0, lateMaxMs: 0 },
    { due: 1, sent: 0, missed: 1, lateMaxMs: null },
    { due: 1, sent: 0, missed: 1 },
    { due: 1, sent: 1, missed: 0, blocked: 1, lateMaxMs: null },
  ]);
});

test("a second without a word is written too, with those who are alive", () => {
  const seen = told([start(0, 1_200), start(1, 1_300), beat(0, 3_100, 0, 1, 204)], 4_000);
  expect(results(seen, "load/heartbeats")).toMatchObject([
    { alive: 2, due: 0 },
    { alive: 2, due: 0 },
    { alive: 2, due: 1 },
  ]);
});

test("a second that may still get answers is not written", () => {
  expect(told([beat(0, 1_100, 0, 1, 204)], 1_999)).toEqual([]);
});

test("an event of a task keeps its own times, and names its worker and deployment", () => {
  const lost: Line = ["t", "lost-ack", "info", 3, wallOriginMs + 100, wallOriginMs + 2_100, "77", 2, "timeout", ""];
  expect(told([lost])).toEqual([
    {
      process: "load/tasks",
      f: "task",
      value: { event: "lost-ack", worker: "dep-02-w2", deployment: "dep-02", id: "77", try: 2 },
      began: 100,
      ended: 2_100,
      type: "info",
      error: "timeout",
    },
  ]);
});

test("the region that answered a task's call is told by its address", () => {
  const [started] = told([start(0, 100)]).filter(({ f }) => f === "task");
  expect(started?.result).toEqual({ region: "us-east-2" });
});

test("users are counted apart by how they connect", () => {
  const user = (client: "fresh" | "sticky", sentMs: number, status: number): Line => [
    "u",
    client,
    wallOriginMs + sentMs,
    10,
    status,
  ];
  const seen = told([user("fresh", 100, 200), user("sticky", 200, 0), user("fresh", 300, 503)], 1_000);
  expect(results(seen, "load/users")).toEqual([
    { client: "fresh", sent: 2, ok: 1, failed: 1, msP50: 10, msP95: 10, msP99: 10 },
    { client: "sticky", sent: 1, ok: 0, failed: 1, msP50: 10, msP95: 10, msP99: 10 },
  ]);
});
