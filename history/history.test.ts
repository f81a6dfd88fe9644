import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { BrokenHistory, openHistory } from "./history.ts";
import { did, fail, literal } from "./literal.ts";

const directory = mkdtempSync(join(tmpdir(), "history-"));
afterAll(() => rmSync(directory, { recursive: true }));

const invoke = '{"type":"invoke","index":0,"time":5,"process":"probe/ledger","f":"append","value":{"seq":1}}';
const done = '{"type":"ok","invoke":0,"index":1,"time":9,"process":"probe/ledger","f":"append"}';

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

test("reads pairs by role and f, in the order of invocation", async () => {
  const history = await openHistory(file("whole", `${invoke}\n${done}\n`));
  expect(history.ops).toHaveLength(2);
  expect([...history.pairs("probe", "append")]).toEqual([{ invocation: history.ops[0], completion: history.ops[1] }]);
  expect([...history.pairs("probe", "read")]).toEqual([]);
  expect(history.torn).toBeUndefined();
});

test("keeps what stands before an unfinished last line, and reports that line", async () => {
  const history = await openHistory(file("torn", `${invoke}\n{"type":"ok","inv`));
  expect(history.ops).toHaveLength(1);
  expect([...history.pairs("probe")][0]?.completion).toBeUndefined();
  expect(history.torn).toBe('{"type":"ok","inv');
});

test.each([
  ["a torn line in the middle", `{"type"\n${done}\n`, 0, "line 1: not JSON"],
  ["a line that is missing", `${invoke}\n${done.replace('"index":1', '"index":2')}\n`, 1, "line 2: index 2"],
  ["a role that does not exist", `${invoke.replace("probe/", "judge/")}\n`, 0, "process: expected"],
  [
    "a second completion",
    `${invoke}\n${done}\n${done.replace('"index":1', '"index":2')}\n`,
    2,
    "not an open invocation",
  ],
  ["a completion of another deed", `${invoke}\n${done.replace("append", "read")}\n`, 1, "which is probe/ledger append"],
])("names the line of %s", async (name, text, index, message) => {
  const opening = openHistory(file(name, text));
  await expect(opening).rejects.toThrow(message);
  await expect(opening).rejects.toMatchObject({ index, exitCode: 3 });
  await expect(opening).rejects.toBeInstanceOf(BrokenHistory);
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
