import { modelDelays } from "../fixtures/lab/delays.ts";
import type { DelayName } from "../fixtures/lab/types.ts";
import { faultsOf } from "../harness/acts.ts";
import { freshSeed } from "../harness/random.ts";
import type { Act } from "../harness/types.ts";
import { type ConfigSources, loadConfig } from "./config.ts";
import { labOf, scenarioOf } from "./scenario.ts";

/** Prints what a run with these settings would do. Nothing is started. */
export async function plan(sources: ConfigSources, asJson: boolean): Promise<number> {
  const config = await loadConfig(sources, process.env);
  const seed = config.seed ?? freshSeed();
  const { scenario, workers } = scenarioOf(config);
  const lab = labOf(config.lab, scenario);
  const { lost, survivor, controlPlanes } = lab.regions;
  const delays = modelDelays(lab, seed, survivor, new AbortController().signal);
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
  const faults = faultsOf(scenario.acts);
  const longestMs = Math.max(0, ...faults.map(({ plan }) => plan.forAtMostMs));
  const forLabMs = Math.round(longestMs / config.lab.timeScale);
  const facts = {
    seed,
    scenario: scenario.name,
    promise: scenario.promise,
    where: `the embedded lab on this machine: ${lost} is lost, ${survivor} survives, ${controlPlanes} holds the global control planes`,
    load: `${config.lab.deployments} deployments, ${config.lab.tasks} tasks alive (${workers.total} workers), a heartbeat each ${config.play.heartbeatEveryMs} ms, ${config.play.userCallsPerSecond} user calls per second`,
    breaks: faults.map(({ plan }) => plan.breaks),
    forAtMost: `${forLabMs / 1_000} s here (${Math.round(longestMs / 60_000)} min on the experiment's clock, time scale ${config.lab.timeScale})`,
    undoneBy: [...new Set(faults.flatMap(({ plan }) => plan.undoneBy))],
    acts: inWords(scenario.acts),
    deadline: `each drill is given up after ${scenario.timing.recoveryDeadlineMs / 1_000} s`,
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

/** The acts in their order, those inside others after an arrow. */
const inWords = (acts: readonly Act[]): string[] =>
  acts.map((act) => {
    const inside = "acts" in act && act.acts.length > 0 ? ` > ${inWords(act.acts).join(", ")}` : "";
    switch (act.act) {
      case "break":
        return `${act.fault.name}${inside}`;
      case "along":
        return `${inWords([act.main]).join()} while ${inWords(act.acts).join(", ")}`;
      case "drill":
        return `drill ${act.drill.name}${inside}`;
      case "ask":
        return `ask ${act.plan.name} for ${act.plan.phase}`;
      case "live":
        return `live for ${act.forMs / 1_000} s`;
      default:
        return act.act;
    }
  });

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
