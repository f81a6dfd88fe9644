import { readFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { startClock } from "../harness/clock.ts";
import type { Observation } from "../harness/types.ts";
import { until } from "../harness/until.ts";
import { chooseEngine, type EngineChoice } from "../load/choose-engine.ts";
import type { LoadPlan } from "../load/model/plan.ts";
import { percentile } from "../load/percentile.ts";
import { createTally } from "../load/tally.ts";
import { startLoopbackPlatform } from "../load/testing/loopback-platform.ts";

/** How many heartbeats per second a load engine keeps up, and how late they leave, against a platform on loopback that costs next to nothing. */
const options = new Command()
  .addOption(new Option("--engine <name>").choices(["auto", "k6", "builtin"]).default("auto"))
  .option("--runs <count>", "", Number, 5)
  .option("--seconds <count>", "steady seconds per run", Number, 6)
  .option("--tasks <count>", "workers, as the default run has them", Number, 1_280)
  .option("--deployments <count>", "", Number, 80)
  .option("--every <ms>", "heartbeat interval", Number, 2_000)
  .option("--users <perSecond>", "", Number, 20)
  .parse()
  .opts<{
    engine: EngineChoice;
    runs: number;
    seconds: number;
    tasks: number;
    deployments: number;
    every: number;
    users: number;
  }>();

const goal = { perSecond: 600, lateP99Ms: 50 };
const clock = startClock();

interface Figures {
  readonly perSecond: number;
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
  readonly lateMaxMs: number;
  readonly readyAfterMs: number;
  readonly cpuPercent: number;
  readonly memoryMiB: number;
}

async function once(): Promise<Figures> {
  await using platform = await startLoopbackPlatform({
    deployments: options.deployments,
    tasksPerDeployment: Math.ceil(options.tasks / options.deployments),
    durationMs: 30_000,
  });
  const plan: LoadPlan = {
    deployments: platform.deployments,
    dohUrl: platform.dohUrl,
    port: platform.port,
    token: "any",
    requestTimeoutMs: 2_000,
    tasks: {
      workers: options.tasks,
      heartbeatEveryMs: options.every,
      heartbeatTimeoutMs: 10_000,
      failedHeartbeatsAtMost: 20,
      pollEveryMs: 1_000,
    },
    users: { perSecond: options.users },
  };
  const { engine } = await chooseEngine(options.engine);
  const seconds: Observation[] = [];
  const lateMs: number[] = [];
  let measuring = false;
  const tally = createTally(plan, (seen) => seen.process === "load/heartbeats" && seconds.push(seen), {
    toRun: (wallMs) => wallMs - clock.wallOriginMs,
    regionOf: () => undefined,
  });
  const beganMs = clock.now();
  await using running = await engine.start(plan, {
    line(line) {
      tally.add(line);
      if (measuring && line[0] === "h") lateMs.push(line[3]);
    },
    words: () => undefined,
  });
  const standing = () => tally.workforce.standing(clock.now());
  await until("full height", standing, (trouble) => trouble === undefined, { clock, withinMs: 30_000 });
  const readyAfterMs = clock.now() - beganMs;
  await clock.sleep(1_000);
  const before = await cpuMs(running.pid);
  const fromMs = clock.now();
  measuring = true;
  await clock.sleep(options.seconds * 1_000);
  measuring = false;
  const tookMs = clock.now() - fromMs;
  return {
    perSecond: lateMs.length / (tookMs / 1_000),
    lateP50Ms: percentile(lateMs, 50) ?? Number.NaN,
    lateP99Ms: percentile(lateMs, 99) ?? Number.NaN,
    lateMaxMs: percentile(lateMs, 100) ?? Number.NaN,
    readyAfterMs,
    cpuPercent: (((await cpuMs(running.pid)) - before) / tookMs) * 100,
    memoryMiB: await peakMiB(running.pid),
  };
}

/** User and system time of a process: fields 14 and 15 of proc(5) stat, in ticks of 10 ms. */
async function cpuMs(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function peakMiB(pid: number): Promise<number> {
  const peak = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, "utf8"));
  return Number(peak?.[1]) / 1_024;
}

const figures: Figures[] = [];
for (let run = 1; run <= options.runs; run++) {
  const one = await once();
  figures.push(one);
  const said = Object.entries(one).map(([name, value]) => `${name} ${Number(value.toFixed(1))}`);
  console.log(`run ${run}: ${said.join("  ")}`);
}
const { engine, because } = await chooseEngine(options.engine);
console.log(
  `\n${engine.name} ${engine.version} (${because}), ${options.tasks} tasks, least / median / most of ${options.runs} runs`,
);
for (const name of Object.keys(figures[0] ?? {}) as (keyof Figures)[]) {
  const values = figures.map((one) => one[name]);
  const spread = [0, 50, 100].map((percent) => Number(percentile(values, percent)?.toFixed(1)));
  console.log(`${name.padEnd(14)} ${spread.join(" / ")}`);
}
console.log(`goal: at least ${goal.perSecond} per second, p99 at most ${goal.lateP99Ms} ms late`);
