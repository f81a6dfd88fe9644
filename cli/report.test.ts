import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { checkers } from "../checkers/index.ts";
import { judge } from "../harness/judge.ts";
import { written } from "../history/literal.ts";
import { exampleHistory } from "../reports/example-history.ts";
import { report } from "./report.ts";

const example = exampleHistory({ deployments: 2, tasks: 8 });
const text = written(example);
const root = mkdtempSync(join(tmpdir(), "gameday-report-"));
afterAll(() => rmSync(root, { recursive: true }));

const said: string[] = [];
vi.spyOn(console, "error").mockImplementation((what) => void said.push(String(what)));
vi.spyOn(process.stdout, "write").mockImplementation(() => true);
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(root, "run-"));
  put("history.ndjson", text);
  said.length = 0;
});
const put = (name: string, content: string): void => writeFileSync(join(directory, name), content);
const bytesOf = (name: string): string => readFileSync(join(directory, name), "utf8");
const resultOf = (): Record<string, unknown> => JSON.parse(bytesOf("run.json"));
const change = (changed: object): void => put("run.json", JSON.stringify({ ...resultOf(), ...changed }, null, 2));

test("a history alone gives the verdicts of the run, byte for byte, and each time the same files", async () => {
  expect(await report(directory)).toBe(3);
  const judged = JSON.stringify(judge(example, checkers).verdicts);
  expect(JSON.stringify(resultOf()["verdicts"])).toBe(judged);
  const names = ["run.json", "report.html", "summary.md", "junit.xml"];
  const first = names.map(bytesOf);
  await report(directory);
  expect(names.map(bytesOf)).toEqual(first);
}, 30_000);

test("what ended the run early stays in run.json; the command answers with the judgement", async () => {
  await report(directory);
  change({ interrupted: true, exitCode: 130, startedAt: "2026-01-02T03:04:05.000Z" });
  const before = `${bytesOf("run.json")}\n`;
  expect(await report(directory)).toBe(3);
  expect(bytesOf("run.json")).toBe(before);
});

test("where the history ends stands in run.json, in the report and in the summary", async () => {
  await report(directory);
  const hash = /,"hash":"(\w+)"}\n$/.exec(text)?.[1] ?? "";
  expect(resultOf()["history"]).toEqual({ file: "history.ndjson", ops: example.ops.length, hash });
  for (const name of ["report.html", "summary.md"]) expect(bytesOf(name)).toContain(hash);
});

test.each([
  ["shortened", text.replace(/[^\n]*\n$/, ""), example.ops.length, "it is missing"],
  ["altered", text.replace('"seed":"4f2a91c3"', '"seed":"4f2a91c4"'), 1, "it was altered"],
  ["without its hashes", text.replaceAll(/,"hash":"\w*"/g, ""), 1, "its hash is missing"],
])("a history that was %s is refused, and nothing is written", async (_, spoilt, line, message) => {
  await report(directory);
  const before = bytesOf("run.json");
  put("history.ndjson", spoilt);
  await expect(report(directory)).rejects.toThrow(new RegExp(`history\\.ndjson, line ${line}: ${message}`));
  expect(bytesOf("run.json")).toBe(before);
});

test("a history that a crash left is judged: without a run.json, with its last line unfinished", async () => {
  put("history.ndjson", text.slice(0, -20));
  await report(directory);
  expect(said).toEqual([expect.stringContaining("the last line of the history is unfinished")]);
  expect(resultOf()["history"]).toMatchObject({ ops: example.ops.length - 1 });
});

test("a run.json that cannot be read is told of, and written anew", async () => {
  put("run.json", "{}");
  await report(directory);
  expect(said).toEqual([expect.stringMatching(/run\.json is not a run\.json .*judged without it/s)]);
  expect(resultOf()).toMatchObject({ schema: "gameday.run/1", outcome: "invalid" });
});

test("a history of schema 1 is judged, and its report says that it has no chain", async () => {
  put("history.ndjson", text.replaceAll(/,"hash":"\w*"/g, "").replace('"schema":2', '"schema":1'));
  await report(directory);
  expect(said).toEqual([expect.stringContaining("carry no hashes, as those of schema 1")]);
  expect(resultOf()["history"]).toEqual({ file: "history.ndjson", ops: example.ops.length });
  expect(bytesOf("report.html")).toContain("nothing shows whether a line was altered");
});

test("a history of schema 2 without hashes is refused, also where no run.json knows better", async () => {
  put("history.ndjson", text.replaceAll(/,"hash":"\w*"/g, ""));
  await expect(report(directory)).rejects.toThrow(/line 1: its hash is missing, .* schema 2 has them/);
});

test("a history of a schema to come is refused", async () => {
  put("history.ndjson", written({ ops: example.ops.map((op) => (op.index === 0 ? later(op) : op)) }));
  await expect(report(directory)).rejects.toThrow(
    /does not say what was played: line 1, schema: .*expected one of 1\|2/,
  );
});
const later = <O extends { value?: unknown }>(op: O): O => ({ ...op, value: { ...Object(op.value), schema: 3 } });
