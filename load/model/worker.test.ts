import { describe, expect, test } from "vitest";
import { type Driven, drive, type Reply } from "../testing/drive.ts";
import type { Client, Request } from "./client.ts";
import { slotOf, type TaskPlan } from "./plan.ts";
import { work } from "./worker.ts";

const tasks: TaskPlan = {
  workers: 4,
  heartbeatEveryMs: 1_000,
  heartbeatTimeoutMs: 5_000,
  failedHeartbeatsAtMost: 3,
  pollEveryMs: 400,
};
const plan = { tasks, deployments: [{ name: "dep-01", host: "dep-01.example" }] };
const job = (id: string, durationMs: number): Reply => ({
  status: 200,
  body: JSON.stringify({ id, try_number: 1, duration_ms: durationMs }),
});

/** What a call is for, from its path: fetch, run, heartbeat, push, xcoms or state. */
const purpose = (url: string): string => /fetch|run$|heartbeat|push|xcoms|state/.exec(url)?.[0] ?? url;
const direct: Client = {
  *call(_host, { method, path, body, reads = false }: Request) {
    return yield { method, url: path, headers: {}, body: JSON.stringify(body), reads };
  },
};
const workUntil = (untilMs: number, reply: (call: string, atMs: number) => Reply): Driven =>
  drive(
    (nowMs, tell) => work(slotOf(plan, 1), { plan, originMs: 0, client: direct, nowMs, tell }),
    ({ url }, atMs) => reply(purpose(url), atMs),
    untilMs,
  );
const calls = ({ exchanges }: Driven): string[] => exchanges.map(({ url, atMs }) => `${atMs} ${purpose(url)}`);
const events = ({ lines }: Driven): string[] =>
  lines.flatMap((line) => (line[0] === "t" ? [`${line[5]} ${line[1]} ${line[2]}`] : []));
const beats = ({ lines }: Driven) => lines.flatMap((line) => (line[0] === "h" ? [line] : []));

/** One job of 2.5 s, then none. */
const oneJob = () => {
  let given = false;
  return (call: string): Reply => {
    if (call !== "fetch") return { status: 204 };
    if (given) return { status: 204 };
    given = true;
    return job("a", 2_500);
  };
};

describe("a platform that answers", () => {
  test("a task is fetched, run, heard on schedule, and ended by log, output and state", () => {
    const driven = workUntil(2_800, oneJob());
    expect(calls(driven)).toEqual([
      "250 fetch",
      "251 run",
      "1250 heartbeat",
      "2250 heartbeat",
      "2752 push",
      "2753 xcoms",
      "2754 state",
      "2755 fetch",
    ]);
    expect(events(driven)).toEqual(["252 start ok", "2755 finish ok"]);
  });

  test("a worker with nothing to do asks less and less often, down to its interval, and says nothing", () => {
    const driven = workUntil(1_800, () => ({ status: 204 }));
    expect(calls(driven)).toEqual(["250 fetch", "350 fetch", "550 fetch", "950 fetch", "1350 fetch", "1750 fetch"]);
    expect(driven.lines).toEqual([]);
  });

  test("a worker that is refused a task leaves it, and does not hurry for the next", () => {
    const driven = workUntil(1_000, (call) => (call === "fetch" ? job("a", 1_000) : { status: 409, tookMs: 100 }));
    expect(calls(driven)).toEqual([
      "250 fetch",
      "251 run",
      "351 fetch",
      "352 run",
      "551 fetch",
      "552 run",
      "951 fetch",
      "952 run",
    ]);
    expect(events(driven)).toEqual(["351 refused fail", "452 refused fail", "652 refused fail", "1052 refused fail"]);
  });

  test("a worker whose heartbeat is refused ends its task: another try owns it", () => {
    const driven = workUntil(1_400, (call) => {
      if (call === "fetch") return job("a", 60_000);
      return { status: call === "heartbeat" ? 409 : 204 };
    });
    expect(events(driven).slice(0, 2)).toEqual(["252 start ok", "1251 refused fail"]);
  });
});

describe("a platform that does not answer", () => {
  const silentFrom =
    (silentMs: number, tookMs: number, durationMs = 60_000) =>
    (call: string, atMs: number): Reply => {
      if (atMs >= silentMs) return { status: 0, tookMs };
      return call === "fetch" ? job("a", durationMs) : { status: 204 };
    };

  test("a worker gives its task up after three failed heartbeats, and asks for another", () => {
    const driven = workUntil(6_000, silentFrom(2_000, 500));
    expect(beats(driven).map(([, , dueMs, , , , , status]) => `${dueMs} ${status}`)).toEqual([
      "1250 204",
      "2250 0",
      "3250 0",
      "4250 0",
    ]);
    expect(events(driven)).toEqual(["252 start ok", "4750 killed ok"]);
    expect(calls(driven).at(-1)).toMatch(/fetch$/);
  });

  test("a call that blocks for longer than the interval makes heartbeats missed, not late", () => {
    const driven = workUntil(7_000, silentFrom(2_000, 2_300));
    expect(beats(driven).map(([, , dueMs, lateMs, missed, blocked]) => [dueMs, lateMs, missed, blocked])).toEqual([
      [1_250, 0, 0, 0],
      [2_250, 0, 0, 0],
      [4_250, 300, 1, 1],
    ]);
    expect(events(driven).at(-1)).toBe("6850 killed ok");
  });

  test("a start without an answer is unknown; the worker asks again until the time of a heartbeat is over", () => {
    const driven = workUntil(8_000, (call) => (call === "fetch" ? job("a", 1_000) : { status: 0, tookMs: 2_000 }));
    expect(events(driven).slice(0, 4)).toEqual([
      "2251 start info",
      "4251 start info",
      "6251 start info",
      "6251 killed ok",
    ]);
  });

  test("a start that failed for sure is a failure", () => {
    const driven = workUntil(300, (call) => (call === "fetch" ? job("a", 1_000) : { status: 503, tookMs: 100 }));
    expect(events(driven)).toEqual(["351 start fail"]);
  });

  test("a task that cannot say its end goes on beating, and goes on with its end where it stopped", () => {
    const lost = new Set(["push", "state"]);
    const driven = workUntil(4_500, (call) => {
      if (lost.delete(call)) return { status: 0, tookMs: 100 };
      return call === "fetch" ? job("a", 1_000) : { status: call === "push" ? 200 : 204 };
    });
    expect(calls(driven).slice(1, 9)).toEqual([
      "251 run",
      "1250 heartbeat",
      "1252 push",
      "2250 heartbeat",
      "2251 push",
      "2252 xcoms",
      "2253 state",
      "3250 heartbeat",
    ]);
    expect(events(driven).slice(0, 3)).toEqual(["252 start ok", "2353 lost-ack info", "3252 finish ok"]);
  });

  test.each([
    { lost: "push", lines: ["252 start ok", "2254 finish ok"] },
    { lost: "xcoms", lines: ["252 start ok", "1353 lost-ack info", "2253 finish ok"] },
    { lost: "state", lines: ["252 start ok", "1354 lost-ack info", "2252 finish ok"] },
  ])(
    "work whose $lost was sent and never answered may be done: whatever another could repeat is said",
    ({ lost, lines }) => {
      const once = new Set([lost]);
      const driven = workUntil(3_000, (call) => {
        if (once.delete(call)) return { status: 0, tookMs: 100 };
        return call === "fetch" ? job("a", 1_000) : { status: call === "push" ? 200 : 204 };
      });
      expect(events(driven).slice(0, lines.length)).toEqual(lines);
    },
  );

  test.each([
    { answer: { status: 401 }, why: "HTTP 401" },
    { answer: { status: 200, body: "<html>welcome</html>" }, why: "no job in the answer" },
    { answer: { status: 200, body: '{"id":"a","try_number":1}' }, why: "no job in the answer" },
  ])("a worker says why it got no task: $why", ({ answer, why }) => {
    expect(workUntil(300, () => answer).lines).toEqual([["p", 1, 251, why]]);
  });
});
