import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkers } from "../checkers/index.ts";
import { judge } from "../harness/judge.ts";
import { exampleHistory } from "./example-history.ts";
import { exampleResult } from "./example-result.ts";
import { readRunJson, runJsonReporter } from "./run-json.ts";

const history = exampleHistory({ deployments: 4, tasks: 40 });
const result = exampleResult(history, judge(history, checkers));
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "gameday-run-json-"));
});
afterAll(() => rm(directory, { recursive: true }));

test("what is written is read back the same, and nothing else is left", async () => {
  await runJsonReporter(directory).onEnd?.(result, history);
  expect(await readRunJson(join(directory, "run.json"))).toEqual(JSON.parse(JSON.stringify(result)));
  expect(await readdir(directory)).toEqual(["run.json"]);
});

test("a file of another version is refused, by name and field", async () => {
  const file = join(directory, "old.json");
  await writeFile(file, JSON.stringify({ ...result, schema: "gameday.run/0" }));
  await expect(readRunJson(file)).rejects.toThrow(/old\.json is not a run\.json of version gameday\.run\/1:.*schema/s);
});

test("a result that nobody could read back is an error when it is written", async () => {
  const broken = { ...result, seed: undefined };
  await expect(async () => runJsonReporter(directory).onEnd?.(broken as never, history)).rejects.toThrow(/seed/);
  expect(await readFile(join(directory, "run.json"), "utf8")).toContain('"schema": "gameday.run/1"');
});
