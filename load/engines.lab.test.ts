import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { startClock } from "../harness/clock.ts";
import { until } from "../harness/until.ts";
import { builtinEngine } from "./builtin-engine.ts";
import type { LoadEngine } from "./engine.ts";
import { findK6 } from "./find-k6.ts";
import { k6Engine } from "./k6-engine.ts";
import type { Line } from "./model/lines.ts";
import { type LoadPlan, slotOf } from "./model/plan.ts";
import { type LoopbackPlatform, startLoopbackPlatform } from "./testing/loopback-platform.ts";

const k6 = await findK6({ build: false });
const engines: LoadEngine[] = ["file" in k6 ? [k6Engine(k6)] : [], builtinEngine()].flat();
const clock = startClock();
const workers = 8;

const planFor = (platform: LoopbackPlatform): LoadPlan => ({
  deployments: platform.deployments,
  dohUrl: platform.dohUrl,
  port: platform.port,
  token: "secret",
  requestTimeoutMs: 300,
  tasks: {
    workers,
    heartbeatEveryMs: 400,
    heartbeatTimeoutMs: 1_200,
    failedHeartbeatsAtMost: 20,
    pollEveryMs: 200,
  },
  users: { perSecond: 20 },
});

/** Collects lines, and waits until enough of them are of a kind. */
function collector() {
  const lines: Line[] = [];
  const count = (kind: (line: Line) => boolean): number => lines.filter(kind).length;
  const atLeast = (what: string, number: number, kind: (line: Line) => boolean): Promise<number> =>
    until(
      what,
      () => count(kind),
      (seen) => seen >= number,
      { clock, withinMs: 15_000, everyMs: 20 },
    );
  return { lines, count, atLeast, line: (line: Line) => void lines.push(line), words: () => undefined };
}
const isTask =
  (event: string) =>
  (line: Line): boolean =>
    line[0] === "t" && line[1] === event;
const isUser =
  (client: string, ok: boolean) =>
  (line: Line): boolean =>
    line[0] === "u" && line[1] === client && (line[4] === 200) === ok;
const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe.each(engines.map((engine) => ({ name: engine.name, engine })))("$name", ({ engine }) => {
  test("keeps every worker busy on schedule, through all steps of a task", async () => {
    await using platform = await startLoopbackPlatform({ deployments: 2, tasksPerDeployment: 4, durationMs: 1_000 });
    const seen = collector();
    await using running = await engine.start(planFor(platform), seen);
    await seen.atLeast("finished tasks", 2 * workers, isTask("finish"));
    await running[Symbol.asyncDispose]();

    expect(await running.ended).toMatchObject({ exitCode: 0, early: false, droppedIterations: 0 });
    expect(alive(running.pid)).toBe(false);
    const plan = planFor(platform);
    const names = Array.from({ length: workers }, (_, index) => slotOf(plan, index).worker);
    expect(new Set(platform.airflow.outputs.map(({ worker }) => worker))).toEqual(new Set(names));
    expect(platform.airflow.logs.length).toBeGreaterThanOrEqual(2 * workers);
    for (const line of seen.lines) {
      if (line[0] !== "h") continue;
      expect(line[7]).toBe(204);
      expect(line[4]).toBe(0);
    }
    for (const call of ["GET", "POST"]) expect(platform.airflow.userCalls.join("\n")).toContain(`${call} dep-02`);
  });

  test("gives tasks up when the region hangs, and works on where the name has moved to", async () => {
    await using platform = await startLoopbackPlatform({ deployments: 2, tasksPerDeployment: 4 });
    const seen = collector();
    await using running = await engine.start(planFor(platform), seen);
    await seen.atLeast("started tasks", workers, isTask("start"));
    await seen.atLeast("calls of sticky users", 4, isUser("sticky", true));

    platform.hang(0);
    await seen.atLeast("tasks given up", workers, isTask("killed"));
    expect(seen.count(isTask("start"))).toBe(workers);
    expect(seen.count(isUser("fresh", false))).toBeGreaterThan(0);

    platform.airflow.retryAll();
    platform.moveTo(1);
    await seen.atLeast("tasks started again", 2 * workers, isTask("start"));
    const before = seen.count(isUser("sticky", true));
    await seen.atLeast("sticky users served again", before + 4, isUser("sticky", true));
    expect(platform.served[1]).toBeGreaterThan(workers);
    const tries = seen.lines.flatMap((line) => (line[0] === "t" && line[1] === "start" ? [line[7]] : []));
    expect(tries.slice(0, workers)).toEqual(Array(workers).fill(1));
    expect(tries.slice(workers)).toEqual(Array(tries.length - workers).fill(2));
    expect(running.pid).toBeGreaterThan(0);
  });

  test("stopping makes no call look like a failure of the platform", async () => {
    const many = 200;
    await using platform = await startLoopbackPlatform({ deployments: 2, tasksPerDeployment: many / 2 });
    const seen = collector();
    const plan = planFor(platform);
    const patient = { ...plan, requestTimeoutMs: 20_000, tasks: { ...plan.tasks, workers: many } };
    await using running = await engine.start(patient, seen);
    await seen.atLeast("started tasks", many, isTask("start"));
    platform.hang(0);
    const before = platform.served[0];
    await until(
      "calls in flight",
      () => platform.served[0] - before,
      (calls) => calls >= many,
      { clock, withinMs: 10_000, everyMs: 20 },
    );
    await running[Symbol.asyncDispose]();
    expect(seen.lines.filter((line) => line[0] === "h" && line[7] === 0)).toEqual([]);
    expect(seen.lines.filter((line) => line[0] === "u" && line[4] === 0)).toEqual([]);
    expect(seen.count(isTask("killed"))).toBe(0);
  });

  test("fresh users connect for each call and workers keep their connection", async () => {
    await using platform = await startLoopbackPlatform({ deployments: 2, tasksPerDeployment: 4 });
    const seen = collector();
    await using _running = await engine.start(planFor(platform), seen);
    await seen.atLeast("heartbeats", 5 * workers, (line) => line[0] === "h");
    const fresh = seen.count(isUser("fresh", true));
    // A worker has one connection, a sticky user too; the count of fresh calls may be one behind the connections.
    const kept = workers + 20;
    expect(platform.connections[0]).toBeGreaterThanOrEqual(fresh);
    expect(platform.connections[0]).toBeLessThanOrEqual(fresh + kept + 2);
  });

  test("says so when its process dies, and takes nothing else with it", async () => {
    await using platform = await startLoopbackPlatform({ deployments: 2, tasksPerDeployment: 4 });
    const seen = collector();
    await using running = await engine.start(planFor(platform), seen);
    await seen.atLeast("started tasks", workers, isTask("start"));
    process.kill(running.pid, "SIGKILL");
    expect(await running.ended).toMatchObject({ exitCode: 137, early: true });
  });

  test("ends when whoever started it is killed", async () => {
    await using platform = await startLoopbackPlatform({ deployments: 2, tasksPerDeployment: 4 });
    const starter = fileURLToPath(new URL("testing/start-engine.ts", import.meta.url));
    const env = { ...process.env, ENGINE: engine.name, PLAN: JSON.stringify(planFor(platform)) };
    const parent = spawn(process.execPath, [starter], { env, stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
    const pid = Number(line);
    expect(alive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await until(
      "the end of the engine",
      () => alive(pid),
      (still) => !still,
      { clock, withinMs: 5_000, everyMs: 20 },
    );
  });
});

test.runIf("file" in k6)("k6 says why it could not run", async () => {
  await using platform = await startLoopbackPlatform();
  const plan = planFor(platform);
  const broken = { ...plan, tasks: { ...plan.tasks, workers: 0 } };
  await using running = await (engines[0] as LoadEngine).start(broken, collector());
  // 104: the configuration is invalid.
  expect(await running.ended).toMatchObject({
    early: true,
    exitCode: 104,
    lastWords: expect.arrayContaining([expect.stringContaining("number of VUs")]),
  });
});
