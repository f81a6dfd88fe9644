import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { DidNotHappen, SafetyStop } from "../harness/errors.ts";
import type { Clock } from "../harness/types.ts";
import { openHistory } from "./history.ts";
import { openJournal } from "./journal.ts";

const directory = mkdtempSync(join(tmpdir(), "journal-"));
afterAll(() => rmSync(directory, { recursive: true }));

let file: string;
let ticks: number;
let wakes: (() => void)[];
/** Ticks at each look; sleeps end when the test says so. */
const clock: Clock = {
  wallOriginMs: 0,
  now: () => ticks++,
  sleep: () => new Promise((resolve) => wakes.push(resolve)),
  every: () => ({ [Symbol.dispose]: () => undefined }),
};
beforeEach(({ task }) => {
  file = join(directory, `${task.id}.ndjson`);
  ticks = 0;
  wakes = [];
});
const onDisk = (): string[] => readFileSync(file, "utf8").split("\n").slice(0, -1);

test("what changes state is on disk before the work begins, and its end before record returns", async () => {
  await using journal = openJournal({ file, clock });
  let seenByWork: string[] = [];
  const done = await journal.record({ process: "fault/lose-region", f: "inject", value: { region: "a" } }, async () => {
    seenByWork = onDisk();
    return { experimentId: "EXP1" };
  });
  expect(seenByWork).toHaveLength(1);
  const hash = expect.stringMatching(/^[0-9a-f]{32}$/);
  expect(onDisk().map((line) => JSON.parse(line))).toEqual([
    { type: "invoke", index: 0, time: 0, process: "fault/lose-region", f: "inject", value: { region: "a" }, hash },
    { ...done, hash },
  ]);
  expect(done).toMatchObject({ type: "ok", invoke: 0, index: 1, value: { experimentId: "EXP1" } });
});

test("bulk roles reach the disk when 100 ms are over, and on close", async () => {
  const journal = openJournal({ file, clock });
  await journal.record({ process: "probe/ledger", f: "append" }, async () => undefined);
  expect(onDisk()).toHaveLength(0);
  wakes[0]?.();
  await Promise.resolve();
  await Promise.resolve();
  expect(onDisk()).toHaveLength(2);
  await journal.record({ process: "load/tasks", f: "task" }, async () => undefined);
  await journal[Symbol.asyncDispose]();
  await journal[Symbol.asyncDispose]();
  expect(onDisk()).toHaveLength(4);
});

test("a DidNotHappen is fail with what was seen, any other error is info, and record never rejects", async () => {
  await using journal = openJournal({ file, clock });
  const attempt = (thrown: unknown) =>
    journal.record({ process: "probe/availability", f: "sample" }, () => Promise.reject(thrown));
  expect(await attempt(new DidNotHappen("ECONNREFUSED", { ms: 3 }))).toMatchObject({
    type: "fail",
    error: "ECONNREFUSED",
    value: { ms: 3 },
  });
  expect(await attempt(new Error("timed out"))).toMatchObject({ type: "info", error: "timed out" });
  expect(await attempt(Object.assign(new AggregateError([]), { code: "ECONNRESET" }))).toMatchObject({
    error: "ECONNRESET",
  });
  expect(await attempt("a string")).toMatchObject({ type: "info", error: "a string" });
});

test("overlapping deeds keep index and line the same", async () => {
  const heard: number[] = [];
  {
    await using journal = openJournal({ file, clock, onOp: ({ index }) => heard.push(index) });
    const first = Promise.withResolvers<void>();
    const slow = journal.record({ process: "probe/a", f: "look" }, () => first.promise);
    journal.observe({ process: "load/tasks", f: "task", began: 1.4, ended: 2.6, type: "info", error: "lost" });
    await journal.record({ process: "run/play", f: "phase" }, async () => undefined);
    first.resolve();
    await slow;
  }
  const ops = [...(await openHistory(file)).ops];
  expect(ops.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(heard).toEqual([0, 1, 2, 3, 4, 5]);
  expect(ops[1]).toMatchObject({ time: 1 });
  expect(ops[2]).toMatchObject({ type: "info", invoke: 1, time: 3, error: "lost" });
  expect(ops[5]).toMatchObject({ invoke: 0 });
});

test("a value that JSON cannot hold is told as such", async () => {
  await using journal = openJournal({ file, clock });
  await journal.record({ process: "run/play", f: "start", value: { big: 1n } }, async () => undefined);
  expect(JSON.parse(onDisk()[0] ?? "")).toMatchObject({ value: { unwritable: expect.stringContaining("BigInt") } });
});

test("a full disk stops the run: nothing more is begun but healing", async () => {
  const troubles: SafetyStop[] = [];
  await using journal = openJournal({
    file,
    clock,
    onTrouble: (trouble) => troubles.push(trouble),
    write: () => {
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    },
  });
  const worked: string[] = [];
  const record = (process: "fault/lose-region" | "run/play", f: string) =>
    journal.record({ process, f }, async () => {
      worked.push(f);
    });
  expect(await record("fault/lose-region", "inject")).toMatchObject({ type: "fail" });
  await record("fault/lose-region", "heal");
  await record("run/play", "phase");
  expect(worked).toEqual(["heal", "phase"]);
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toBeInstanceOf(SafetyStop);
  expect(troubles[0]?.message).toContain("ENOSPC");
});

test("a history is never written over", async () => {
  await using _first = openJournal({ file, clock });
  expect(() => openJournal({ file, clock })).toThrow(/cannot be created: EEXIST/);
});
