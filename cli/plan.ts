import { modelDelays } from "../fixtures/lab/delays.ts";
import type { DelayName } from "../fixtures/lab/types.ts";
import { freshSeed } from "../harness/random.ts";
import { makeScenario } from "../scenarios/index.ts";
import { type ConfigSources, loadConfig } from "./config.ts";
import { workersFor } from "./workers.ts";

/** Prints what a run with these settings would do. Nothing is started. */
export async function plan(sources: ConfigSources, asJson: boolean): Promise<number> {
  const config = await loadConfig(sources, process.env);
  const seed = config.seed ?? freshSeed();
  const workers = workersFor(config.lab);
  const scenario = makeScenario(config.scenario, {
    options: config.play,
    timeScale: config.lab.timeScale,
    tasks: config.lab.tasks,
    workers: workers.total,
  });
  const { lost, survivor, controlPlanes } = config.lab.regions;
  const delays = modelDelays(config.lab, seed, survivor, new AbortController().signal);
  delays.arm();
  const onPath: DelayName[] = [
    "stackOverhead",
    "databaseInstanceCreate",
    "globalFailover",
    "nodeProvision",
    "imagePull",
    "podStart",
    "dnsPropagation",
  ];
  const drawn = Object.fromEntries(onPath.map((name) => [name, Math.round(delays.ms(name))]));
  const { fault } = scenario;
  const forLabMs = Math.round(fault.plan.forAtMostMs / config.lab.timeScale);
  const facts = {
    seed,
    scenario: scenario.name,
    promise: scenario.promise,
    where: `the embedded lab on this machine: ${lost} is lost, ${survivor} survives, ${controlPlanes} holds the global control planes`,
    load: `${config.lab.deployments} deployments, ${config.lab.tasks} tasks alive (${workers.total} workers), a heartbeat each ${config.play.heartbeatEveryMs} ms, ${config.play.userCallsPerSecond} user calls per second`,
    breaks: fault.plan.breaks,
    forAtMost: `${forLabMs / 1_000} s here (${Math.round(fault.plan.forAtMostMs / 60_000)} min on the experiment's clock, time scale ${config.lab.timeScale})`,
    undoneBy: fault.plan.undoneBy,
    failover: `asked through ${scenario.failover.name}; given up ${scenario.timing.recoveryDeadlineMs / 1_000} s after the fault`,
    modelledDelaysMs: drawn,
    objectives: scenario.objectives,
    probes: scenario.probes.map(({ name }) => name),
    checkers: scenario.checkers.map(({ name }) => name),
    plantedDefects: Object.entries(config.lab.plant).flatMap(([name, planted]) => (planted ? [name] : [])),
  };
  if (asJson) console.log(JSON.stringify(facts, undefined, 2));
  else console.log(render(facts));
  return 0;
}

function render(facts: Record<string, unknown>): string {
  const width = Math.max(...Object.keys(facts).map((key) => key.length));
  const text = (value: unknown): string => {
    if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(" · ");
    if (typeof value === "object" && value !== null) {
      return Object.entries(value)
        .map(([key, one]) => `${key} ${one}`)
        .join(" · ");
    }
    return String(value);
  };
  return Object.entries(facts)
    .map(([key, value]) => `${key.padEnd(width)}  ${text(value)}`)
    .concat(`${"".padEnd(width)}  (a plan: nothing was started and nothing is broken)`)
    .join("\n");
}
