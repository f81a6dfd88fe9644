import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { keysOf, openSweep, planIn } from "./journal.ts";
import { sweep } from "./sweep.ts";
import { arrived, edge, plan, stuck } from "./testing.ts";

const directory = mkdtempSync(join(tmpdir(), "sweep-"));
afterAll(() => rmSync(directory, { recursive: true }));
let file: string;
let made = 0;
beforeEach(() => {
  file = join(directory, `${made++}.ndjson`);
});

const told: string[] = [];
beforeEach(() => {
  told.length = 0;
});
let clock = 0;
/** Plays what is left, and gives the keys that were played. */
async function play(killedIn?: string): Promise<string[]> {
  const played: string[] = [];
  using journal = openSweep(file, plan);
  await sweep({
    journal,
    async play(one) {
      const key = one === undefined ? "healthy" : `${one.service}@${one.region}`;
      if (key === killedIn) throw new Error("killed");
      played.push(key);
      return one?.service === "route53" ? stuck("dns") : arrived(10_000);
    },
    now: () => (clock += 5_000),
    onProgress: (line) => told.push(line),
    signal: new AbortController().signal,
  });
  return played;
}

test("a sweep that ended early goes on where it was, and plays what was under way again", async () => {
  await expect(play("route53@us-east-1")).rejects.toThrow("killed");
  expect(await play()).toEqual(["route53@us-east-1", "s3@us-west-2", "sts@us-west-2"]);
  expect(told.at(-4)).toBe(
    "5 edges, one at a time, after 2 failovers with all of them well: goes on after 4 plays; route53@us-east-1 was under way when it ended, and is played again",
  );
  expect(await play()).toEqual([]);
  expect(planIn(file)).toEqual(plan);
});

test("progress names what was found, and the time that is left", async () => {
  await play();
  expect(told).toEqual([
    "5 edges, one at a time, after 2 failovers with all of them well",
    "1 of 7 · baseline-1 took 10 s · about 30 s left",
    "2 of 7 · baseline-2 took 10 s · about 25 s left",
    "3 of 7 · rds@us-west-2 survives, 10 s · about 20 s left",
    "4 of 7 · rds@us-east-2 survives, 10 s · about 15 s left",
    "5 of 7 · route53@us-east-1 breaks at dns · about 10 s left",
    "6 of 7 · s3@us-west-2 survives, 10 s · about 5 s left",
    "7 of 7 · sts@us-west-2 survives, 10 s · all done",
  ]);
});

test("cut at any byte, as kill -9 may leave it, it loses at most the play that was under way", {
  timeout: 30_000,
}, async () => {
  await play();
  const whole = readFileSync(file, "utf8");
  const all = keysOf(plan);
  // Each cut costs a dozen writes that wait for the disk: fifty of them are spread over all kinds of lines.
  for (let bytes = 0; bytes <= whole.length; bytes += Math.ceil(whole.length / 50)) {
    writeFileSync(file, whole.slice(0, bytes));
    const ends = whole
      .slice(0, bytes)
      .split("\n")
      .slice(0, -1)
      .filter((line) => line.startsWith('{"ended"')).length;
    {
      using journal = openSweep(file, plan);
      expect([...journal.done.keys()]).toEqual(all.slice(0, ends));
    }
    expect(await play()).toHaveLength(all.length - ends);
    const keys = readFileSync(file, "utf8")
      .split("\n")
      .slice(1, -1)
      .map((line) => JSON.parse(line).ended);
    expect(keys.filter((key) => key !== undefined)).toEqual(all);
  }
});

test.each([
  ["another seed", { seed: "t" }, 'seed: "s" there, "t" here'],
  ["other edges", { edges: [edge("rds", "us-west-2")] }, "edges: 5 there, 1 here"],
])("a journal of %s is not gone on with", async (_, change, message) => {
  await play();
  expect(() => openSweep(file, { ...plan, ...change })).toThrow(message);
  expect(() => openSweep(file, { ...plan, ...change })).toThrow(expect.objectContaining({ exitCode: 2 }));
});

test("a line in the middle that is none is refused by its number", async () => {
  await play();
  const lines = readFileSync(file, "utf8").split("\n");
  writeFileSync(file, lines.with(2, '{"ended":"baseline-1"}').join("\n"));
  expect(() => openSweep(file, plan)).toThrow("line 3 is no line of a sweep's journal");
});

test("without one healthy failover that arrives nothing is failed", async () => {
  using journal = openSweep(file, plan);
  const played: unknown[] = [];
  const sweeping = sweep({
    journal,
    play: async (one) => {
      played.push(one);
      return stuck("dns");
    },
    now: () => 0,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  await expect(sweeping).rejects.toThrow("with every edge well no failover arrived");
  expect(played).toEqual([undefined, undefined]);
});
