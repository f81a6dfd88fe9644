import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { jepsenLines } from "../history/jepsen.ts";
import { written } from "../history/literal.ts";
import { exampleHistory } from "../reports/example-history.ts";
import { exportHistory } from "./export.ts";

const example = exampleHistory({ deployments: 4, tasks: 16 });
const root = mkdtempSync(join(tmpdir(), "gameday-export-"));
afterAll(() => rmSync(root, { recursive: true }));
const said: string[] = [];
vi.spyOn(console, "error").mockImplementation((what) => void said.push(String(what)));
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(root, "run-"));
  said.length = 0;
  writeFileSync(join(directory, "history.ndjson"), written(example));
});

test("writes every op beside the history, or where it is told to", async () => {
  const whole = example.ops.map(jepsenLines()).join("");
  expect(await exportHistory(directory, {})).toBe(0);
  expect(readFileSync(join(directory, "history.edn"), "utf8")).toBe(whole);
  expect(said).toEqual([expect.stringMatching(/[\d,]+ ops in Jepsen's EDN format: .*history\.edn$/)]);
  const out = join(directory, "elsewhere.edn");
  await exportHistory(directory, { out });
  expect(readFileSync(out, "utf8")).toBe(whole);
});

test("refuses a history that was altered, and leaves no file", async () => {
  writeFileSync(join(directory, "history.ndjson"), written(example).replace('"seq":3', '"seq":4'));
  await expect(exportHistory(directory, {})).rejects.toThrow(/history\.ndjson, line \d+: it was altered/);
  expect(existsSync(join(directory, "history.edn"))).toBe(false);
});

test("says where it cannot write", async () => {
  const out = join(directory, "nowhere", "x.edn");
  await expect(exportHistory(directory, { out })).rejects.toThrow(/nowhere\/x\.edn cannot be written: ENOENT/);
  await expect(exportHistory(directory, { out })).rejects.toMatchObject({ exitCode: 4 });
});

test("a directory without a history is a usage error", async () => {
  await expect(exportHistory(join(root, "no"), {})).rejects.toMatchObject({ exitCode: 2 });
});
