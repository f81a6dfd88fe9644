import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Op } from "../harness/types.ts";
import { BrokenHistory, type OpenOptions, openHistory as openShortOrLong } from "./history.ts";
import { did, fail, literal, written } from "./literal.ts";

const directory = mkdtempSync(join(tmpdir(), "history-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Each test holds for a history that is kept in memory, and for one that is read again and again. */
describe.each([
  ["short", Number.POSITIVE_INFINITY],
  ["long", 0],
])("a %s history", (_length, longFromBytes) => {
  const openHistory = (file: string, options: OpenOptions = {}) => openShortOrLong(file, { ...options, longFromBytes });
  let files = 0;
  function file(text: string): string {
    const path = join(directory, String(files++));
    writeFileSync(path, text);
    return path;
  }

  /** Four lines: two markers, acknowledged. */
  const deeds = [
    did("probe/ledger append", [5, 9], { seq: 1 }),
    did("probe/ledger append", [15, 19], { seq: 2 }, fail("23505")),
  ];
  const day = literal(deeds);
  const text = written(day);
  const linesOf = (of: string): string[] => of.split("\n").slice(0, -1);
  const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
  /** What the chain says of ops that need not fit together. */
  const chainedAnew = (ops: readonly Op[]): string => written({ ops });
  const withoutHashes = (of: string): string => of.replaceAll(/,"hash":"\w*"/g, "");

  test("reads pairs by role and f, in the order of invocation", async () => {
    const history = await openHistory(file(text));
    expect([...history.ops]).toEqual(day.ops);
    expect(history.ops.at(2)).toEqual(day.ops[2]);
    expect(history.ops.at(4)).toBeUndefined();
    expect([...history.pairs("probe", "append")]).toEqual([
      { invocation: day.ops[0], completion: day.ops[1] },
      { invocation: day.ops[2], completion: day.ops[3] },
    ]);
    expect([...history.pairs("probe", "read")]).toEqual([]);
    expect(history.torn).toBeUndefined();
  });

  test("keeps what stands before an unfinished last line, and reports that line", async () => {
    const history = await openHistory(file(text.slice(0, -100)));
    expect(history.ops).toHaveLength(3);
    expect([...history.pairs("probe")][1]?.completion).toBeUndefined();
    expect(history.torn).toBe(linesOf(text)[3]?.slice(0, 1 - 100));
  });

  test.each([
    ["a torn line in the middle", joined(['{"type"', ...linesOf(text)]), 0, "line 1: not JSON"],
    ["a role that does not exist", text.replace("probe/", "judge/"), 0, "process: expected"],
    [
      "a second completion",
      chainedAnew(day.ops.map((op, n) => (n === 3 ? { ...op, invoke: 0 } : op))),
      3,
      "completes 0",
    ],
    [
      "a completion of another deed",
      chainedAnew(day.ops.map((op, n) => (n === 1 ? { ...op, f: "read" } : op))),
      1,
      "probe/ledger read completes 0, which is probe/ledger append",
    ],
  ])("names the line of %s", async (_, spoilt, index, message) => {
    await expect(openHistory(file(spoilt))).rejects.toThrow(message);
    await expect(openHistory(file(spoilt))).rejects.toMatchObject({ index, exitCode: 3 });
    await expect(openHistory(file(spoilt))).rejects.toBeInstanceOf(BrokenHistory);
  });

  test("a file that is not there is a usage error", async () => {
    await expect(openHistory(join(directory, "nowhere"))).rejects.toMatchObject({ exitCode: 2 });
  });

  test("times may run backwards: order is the order of lines", () => {
    const history = literal(
      did("run/play start", [90, 91]),
      did("run/play phase", [5, 6], { phase: "load" }, fail("no")),
    );
    expect([...history.pairs("run")].map(({ invocation }) => invocation.time)).toEqual([90, 5]);
  });

  describe("the chain", () => {
    const lines = linesOf(text);
    const without = (index: number): string[] => lines.filter((_, n) => n !== index);
    const renumbered = (index: number): string =>
      joined(
        without(index).map((line, n) => line.replace(/"index":\d/, `"index":${n}`).replace('"invoke":2', '"invoke":1')),
      );
    const longer = written(literal(...deeds, did("probe/ledger append", [25, 29], { seq: 3 })));

    test("the hash of the last line stands for the history, and differs when anything differs", async () => {
      const { hash } = await openHistory(file(text));
      expect(hash).toMatch(/^[0-9a-f]{32}$/);
      expect(lines[3]).toContain(`,"hash":"${hash}"}`);
      const other = await openHistory(file(chainedAnew(day.ops.map((op, n) => (n === 0 ? { ...op, time: 6 } : op)))));
      expect(other.hash).not.toBe(hash);
    });

    test.each([
      ["a value", text.replace('"seq":2', '"seq":7'), 2],
      ["a time", text.replace('"time":9', '"time":8'), 1],
      ["an outcome", text.replace('"type":"fail"', '"type":"ok"'), 3],
      ["a hash", text.replace(/"hash":"./, '"hash":"g'), 0],
      ["another hash", text.replace(/(?<="hash":")./, (digit) => (digit === "0" ? "1" : "0")), 0],
      ["spaces", text.replace('"index":2', '"index": 2'), 2],
    ])("a line with %s altered is named", async (_, spoilt, index) => {
      expect(spoilt).not.toBe(text);
      await expect(openHistory(file(spoilt))).rejects.toMatchObject({ index, exitCode: 3 });
    });

    test.each([
      ["in the middle", joined(without(1)), 1, "lines are missing or moved"],
      ["in the middle, all others renumbered", renumbered(1), 1, "it was altered"],
      [
        "at the beginning, all others renumbered",
        joined(
          lines
            .slice(2)
            .map((line, n) => line.replace(/"index":\d/, `"index":${n}`).replace('"invoke":2', '"invoke":0')),
        ),
        0,
        "it was altered",
      ],
    ])("a line that is missing %s is named", async (_, spoilt, index, message) => {
      await expect(openHistory(file(spoilt))).rejects.toThrow(message);
      await expect(openHistory(file(spoilt))).rejects.toMatchObject({ index });
    });

    test("lines without a hash among others that have one are named, and the other way round", async () => {
      const bare = linesOf(withoutHashes(text));
      const mixed = (index: number, of: readonly string[], other: readonly string[]) =>
        joined(of.map((line, n) => (n === index ? (other[n] ?? "") : line)));
      await expect(openHistory(file(mixed(2, lines, bare)))).rejects.toThrow("line 3: its hash is missing");
      await expect(openHistory(file(mixed(1, bare, lines)))).rejects.toThrow("line 2: it has a hash");
    });

    test("a history from before the chain is read, and has no hash", async () => {
      const old = await openHistory(file(withoutHashes(text)));
      expect([old.ops.length, old.hash]).toEqual([4, undefined]);
    });

    describe("with the head of the run", async () => {
      const { hash = "" } = await openHistory(file(text));
      const head = { ops: 4, hash };

      test("is read when it ends there, also with an unfinished line after it", async () => {
        expect((await openHistory(file(text), { head })).ops).toHaveLength(4);
        expect((await openHistory(file(`${text}{"type"`), { head })).torn).toBe('{"type"');
      });

      test.each([
        ["shortened", joined(lines.slice(0, 3)), 3, "line 4: it is missing, the run wrote 4 lines"],
        ["cut within its last line", text.slice(0, -20), 3, "line 4: it is missing"],
        ["cut off before its last line feed", text.slice(0, -1), 3, "line 4: it is missing"],
        ["empty", "", 0, "line 1: it is missing"],
        ["lengthened, with a chain as it should be", longer, 4, "line 5: it was added, the run wrote 4 lines"],
        [
          "written anew, with a chain of its own",
          chainedAnew(day.ops.map((op) => ({ ...op, time: op.time + 1 }))),
          3,
          "line 4: its hash is",
        ],
        ["without its hashes", withoutHashes(text), 0, "line 1: its hash is missing"],
      ])("is refused when it was %s", async (_, spoilt, index, message) => {
        await expect(openHistory(file(spoilt), { head })).rejects.toThrow(message);
        await expect(openHistory(file(spoilt), { head })).rejects.toMatchObject({ index, exitCode: 3 });
      });
    });
  });
});
