import { describe, expect, test } from "vitest";
import { z } from "zod";
import { rehearse } from "../harness/rehearsal.ts";
import type { Completion } from "../harness/types.ts";
import { until } from "../harness/until.ts";
import { type AirflowTasks, airflowTasks } from "./airflow-tasks.ts";
import type { EngineChoice } from "./choose-engine.ts";
import { findK6 } from "./find-k6.ts";
import { type LoopbackPlatform, startLoopbackPlatform } from "./testing/loopback-platform.ts";

const quick: AirflowTasks = {
  tasks: 8,
  heartbeatEveryMs: 400,
  heartbeatTimeoutMs: 1_200,
  pollEveryMs: 200,
  requestTimeoutMs: 300,
  users: { perSecond: 10 },
};
const engines: EngineChoice[] = "file" in (await findK6({ build: false })) ? ["k6", "builtin"] : ["builtin"];

const rehearseOn = ({ deployments, port, dohUrl }: LoopbackPlatform) =>
  rehearse({
    environment: {
      platform: {
        name: "loopback",
        deployments,
        port,
        token: "secret",
        controlPlane: { url: "", token: "", clusterId: "" },
        ingressName: "",
        warmStandby: [],
      },
      dns: { address: "", port: 0, dohUrl },
      regionOf: () => undefined,
    },
  });
const secondsOf = (ops: readonly Completion[]) => ops.map(({ value }) => value as Record<string, number>);

describe.each(engines)("%s", (engine) => {
  test("comes to full height, loses its tasks with the region, comes back, and is judged healthy", async () => {
    await using platform = await startLoopbackPlatform({ deployments: 2, tasksPerDeployment: 4 });
    const { run, ops, ended } = rehearseOn(platform);
    const { clock } = run;
    const events = (event: string) =>
      ops.filter(
        ({ f, type, value }) => f === "task" && type === "invoke" && Object.values(value ?? {}).includes(event),
      );
    {
      await using load = await airflowTasks({ ...quick, engine }).start(run);
      expect(ended("start")).toMatchObject([{ type: "ok", value: { readyAfterMs: expect.any(Number) } }]);
      expect(load.standing?.()).toBeUndefined();

      platform.hang(0);
      const trouble = await until("trouble", () => load.standing?.(), Boolean, { clock, withinMs: 10_000 });
      expect(trouble).toMatch(/of 8 workers have a task/);
      const killed = () => events("killed").length;
      await until("tasks given up", killed, (count) => count === 8, { clock, withinMs: 10_000 });
      platform.airflow.retryAll();
      platform.moveTo(1);
      await until(
        "recovery",
        () => load.standing?.() ?? "well",
        (now) => now === "well",
        { clock, withinMs: 10_000 },
      );
      // The seconds of the outage are settled one timeout for the name and one for the call later.
      await until(
        "heartbeats that failed",
        () => secondsOf(ended("tally")).some(({ failed }) => (failed ?? 0) > 0),
        Boolean,
        { clock, withinMs: 10_000 },
      );
    }
    expect(ended("health")).toMatchObject([{ type: "ok", value: { exitCode: 0, droppedIterations: 0 } }]);
    expect(events("start")).toHaveLength(16);
    expect(events("killed")).toHaveLength(8);
    const alive = secondsOf(ended("tally")).flatMap((second) => second["alive"] ?? []);
    expect(Math.max(...alive)).toBe(8);
  });

  test("an engine that dies is a trouble of its own, and is recorded once", async () => {
    await using platform = await startLoopbackPlatform({ deployments: 2, tasksPerDeployment: 4 });
    const { run, ended } = rehearseOn(platform);
    {
      await using load = await airflowTasks({ ...quick, engine }).start(run);
      const { pid } = z.object({ pid: z.int().positive() }).parse(ended("start")[0]?.value);
      process.kill(pid, "SIGKILL");
      await until(
        "the news",
        () => ended("health"),
        (news) => news.length > 0,
        { clock: run.clock, withinMs: 5_000 },
      );
      expect(load.standing?.()).toContain(`the load engine ${engine} ended by itself with exit code 137`);
    }
    expect(ended("health")).toMatchObject([{ type: "fail", error: expect.stringContaining("exit code 137") }]);
  });
});

test("load that cannot come to its height says what it saw last, and leaves no engine behind", async () => {
  await using platform = await startLoopbackPlatform({ deployments: 2, tasksPerDeployment: 3 });
  const { run, ended } = rehearseOn(platform);
  const start = airflowTasks({ ...quick, engine: "builtin", readyWithinMs: 1_500 }).start(run);
  await expect(start).rejects.toThrow(/8 workers with a task did not happen within 1500 ms; last seen: 6 of 8 workers/);
  expect(ended("start")).toMatchObject([{ type: "info", error: expect.stringContaining("6 of 8 workers") }]);
  expect(ended("health")).toMatchObject([{ type: "ok" }]);
});

test("load on a platform that refuses it says why", async () => {
  await using platform = await startLoopbackPlatform();
  const { run } = rehearseOn({ ...platform, deployments: [{ name: "dep-09", host: "unknown.example" }] });
  const start = airflowTasks({ ...quick, engine: "builtin", readyWithinMs: 1_500 }).start(run);
  await expect(start).rejects.toThrow(/last trouble: dep-09-w\d asked for a task: HTTP 404/);
});

test("an interrupted run stops the load while it climbs", async () => {
  await using platform = await startLoopbackPlatform({ tasksPerDeployment: 1 });
  const { run, abort, ended } = rehearseOn(platform);
  const start = airflowTasks({ ...quick, engine: "builtin" }).start(run);
  const stopped = new Error("stopped by SIGINT");
  await until(
    "the first task",
    () => platform.airflow.heartbeats.length,
    (count) => count > 0,
    {
      clock: run.clock,
      withinMs: 5_000,
    },
  );
  abort.abort(stopped);
  await expect(start).rejects.toBe(stopped);
  expect(ended("health")).toMatchObject([{ type: "ok" }]);
});
