import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { labConfig } from "../fixtures/lab/config.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { openHistory } from "../history/history.ts";
import { did, literal, written } from "../history/literal.ts";
import { plantedEyes, plantedGap, plantedLateness } from "./plants-in-harness.ts";

const planted = (plant: Record<string, boolean>) => labConfig.parse({ plant });

test("a line of the history that is taken out is missed, by its number", async () => {
  const directory = await mkdtemp(join(tmpdir(), "gameday-plants-"));
  const file = join(directory, "history.ndjson");
  const deeds = [10, 20, 30, 40].map((at) => did("probe/ledger append", [at, at + 5], { seq: at }));
  await writeFile(file, written(literal(...deeds)));
  await plantedGap(planted({}), file);
  expect((await openHistory(file)).ops).toHaveLength(8);
  await plantedGap(planted({ historyLineMissing: true }), file);
  await expect(openHistory(file)).rejects.toThrow("line 5: index 5 on the line of index 4");
  await rm(directory, { recursive: true });
});

test("blind probes ask where nobody answers; the load's own way to the names is left", () => {
  const { environment } = rehearse({
    environment: { dns: { address: "127.0.0.1", port: 5353, dohUrl: "http://127.0.0.1:8053" } },
  }).run;
  expect(plantedEyes(planted({}), environment)).toBe(environment);
  expect(plantedEyes(planted({ probesBlind: true }), environment).dns).toEqual({ ...environment.dns, port: 9 });
});

test("an engine that is late stands still now and then, and whoever stops it ends with it", async () => {
  const engine = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1_000)"], { stdio: "ignore" });
  const state = () => readFileSync(`/proc/${engine.pid}/stat`, "utf8").split(") ")[1]?.[0];
  const start = { type: "ok", index: 1, invoke: 0, time: 1, process: "load/engine", f: "start" } as const;
  plantedLateness(planted({ generatorLate: true }), { ...start, value: { pid: engine.pid } });
  await expect.poll(state, { interval: 20, timeout: 5_000 }).toBe("T");
  await expect.poll(state, { interval: 20, timeout: 5_000 }).not.toBe("T");
  const helpers = () =>
    readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8")
      .trim()
      .split(" ")
      .filter((pid) => pid !== "" && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`${engine.pid}\0`));
  expect(helpers()).toHaveLength(1);
  engine.kill("SIGKILL");
  await expect.poll(helpers, { timeout: 5_000 }).toEqual([]);
});
