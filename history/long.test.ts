import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checkers } from "../checkers/index.ts";
import { judge } from "../harness/judge.ts";
import { exampleHistory } from "../reports/example-history.ts";
import { chained } from "./chain.ts";
import { type OpenOptions, openHistory } from "./history.ts";
import { did, fail, info, literal, ok, written } from "./literal.ts";

const directory = mkdtempSync(join(tmpdir(), "long-"));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;
function opened(text: string, options: OpenOptions = {}) {
  const file = join(directory, String(files++));
  writeFileSync(file, text);
  return openHistory(file, { longFromBytes: 0, ...options });
}

describe("a history that is not kept in memory", () => {
  const example = exampleHistory({ deployments: 12, tasks: 60 });
  const text = written(example);

  test("has the same ops, pairs and verdicts as one that is", async () => {
    const history = await opened(text);
    expect([...history.ops]).toEqual(example.ops);
    expect([...history.pairs("probe")]).toEqual(example.pairs("probe"));
    expect([...history.pairs("probe/ledger", "append")]).toEqual(example.pairs("probe/ledger", "append"));
    const during = { from: 10_000, until: 20_000 };
    expect([...history.pairs("load", "task", during)]).toEqual(example.pairs("load", "task", during));
    expect([...history.pairs("load", "task", during)].length).toBeGreaterThan(3);
    expect([history.endsAt, history.ops.length]).toEqual([example.endsAt, example.ops.length]);
    expect(judge(history, checkers)).toEqual(judge(example, checkers));
  });

  test("may be gone through twice", async () => {
    const pairs = (await opened(text)).pairs("fault");
    expect([...pairs]).toEqual([...pairs]);
  });

  test("gives a line as it stands in the file", async () => {
    const history = await opened(text);
    expect(history.line(3)).toBe(text.split("\n")[3]);
    expect([history.line(-1), history.line(example.ops.length), history.ops.at(-1)]).toEqual(Array(3).fill(undefined));
  });

  test("may have lines of any length and any letters, wherever blocks end", async () => {
    const long = (letter: string, times: number) =>
      did("probe/ledger read", [1, 2], {}, ok({ rows: letter.repeat(times) }));
    const history = literal(
      long("é", 700_000),
      long("x", 250_000),
      long("€", 90_000),
      long("y", 3_000_000),
      long("z", 5),
    );
    expect([...(await opened(written(history))).ops]).toEqual(history.ops);
  });

  test("keeps what is rarely written: no value, null, an error beside a value, a process with a quote", async () => {
    const history = literal(
      did("probe/a look", [0, 1], null, ok(null)),
      did("probe/a look", [0, 1], 0, { ...ok(false), error: "and yet" }),
      did("probe/a look", [0, 1], "", fail("no", [])),
      did("probe/a look", [0, 1], { error: "inside" }, info('"})')),
      did('probe/"quoted" look', [0]),
      did("probe/ünï look", [0.5, -3]),
    );
    expect([...(await opened(written(history))).ops]).toEqual(history.ops);
  });

  test("may have lines with their keys in another order", async () => {
    const moved = example.ops.map(({ time, ...op }) => ({ ...op, time }));
    const history = await opened(written({ ops: moved }));
    expect([...history.ops]).toEqual(example.ops);
  });

  test("of an old schema is read as well", async () => {
    const history = await opened(text.replaceAll(/,"hash":"\w*"/g, ""));
    expect([...history.ops]).toEqual(example.ops);
    expect(history.hash).toBeUndefined();
  });

  test("names a line whose value cannot be read, when it is asked for", async () => {
    let [before, broken] = ["", ""];
    for (const line of written(literal(did("probe/a look", [0, 1], { at: 1 })))
      .split("\n")
      .slice(0, -1)) {
      const { text, hash } = chained(before, line.replace(/,"hash":.*/, "}").replace('{"at":1}', '{"at":1'));
      [before, broken] = [hash, `${broken}${text}\n`];
    }
    const history = await opened(broken);
    expect(() => [...history.ops]).toThrow(/line 1: not JSON/);
  });

  test.each([0.1, 0.5, 0.501, 0.9, 0.9999])("has its altered line named wherever it is: at %d of it", async (share) => {
    const lines = text.split("\n");
    const at = Math.floor(share * (lines.length - 1));
    lines[at] = (lines[at] ?? "").replace(/"time":(\d)/, (_, digit) => `"time":${(Number(digit) + 1) % 10}`);
    await expect(opened(lines.join("\n"))).rejects.toMatchObject({ index: at });
    await expect(opened(lines.join("\n"))).rejects.toThrow(`line ${at + 1}: it was altered`);
  });
});
