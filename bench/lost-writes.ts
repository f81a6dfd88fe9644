import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { concluded } from "../cli/conclude.ts";
import { loadConfig } from "../cli/config.ts";
import { interruption } from "../cli/interruption.ts";
import { playOnLab } from "../cli/play-on-lab.ts";
import { historyFile } from "../cli/run-directory.ts";
import { workersFor } from "../cli/workers.ts";
import { openHistory } from "../history/history.ts";
import { makeScenario } from "../scenarios/index.ts";
import { type Comparison, compare, type LedgerTruth, ledgerTruth } from "./ledger-truth.ts";
import { printTable, spreadOf } from "./spread.ts";

/**
 * Lost acknowledged writes as a run reports them, against the rows on the frozen primary's own disk, with links of several latencies. Each run is
 * a whole game day on a small lab; equal means the same markers, not the same count.
 */
const options = new Command()
  .option("--runs <count>", "of each latency", Number, 5)
  .option("--latency <ms...>", "one way", (text: string, known: number[] = []) => [...known, Number(text)])
  .option("--seed <text>", "of the first run", "lost-writes")
  .parse()
  .opts<{ runs: number; latency?: number[]; seed: string }>();

const latencies = options.latency ?? [5, 200, 2_000];
/** From here on a link holds more than one marker at any moment, so a run that lost none was no trial. */
const losesFromMs = 200;

using interrupted = interruption();
const rows: string[][] = [];
let unequal = 0;
for (const latencyMs of latencies) {
  const all: Comparison[] = [];
  for (let run = 1; run <= options.runs; run++) {
    const one = await measure(latencyMs, `${options.seed}-${latencyMs}-${run}`);
    all.push(one);
    console.log(
      `${latencyMs} ms, run ${run} of ${options.runs}: ${one.reported} reported, ${one.truly} on the disk, ${one.unacknowledged} more there that nobody was promised`,
    );
    for (const difference of one.differences) console.log(`  ${difference}`);
  }
  const equal = all.filter(({ reported, truly, differences }) => reported === truly && differences.length === 0);
  const trials = all.filter(({ truly }) => truly > 0 || latencyMs < losesFromMs);
  unequal += 2 * options.runs - equal.length - trials.length;
  rows.push([
    `${latencyMs} ms`,
    spread(all.map(({ reported }) => reported)),
    spread(all.map(({ truly }) => truly)),
    spread(all.map(({ unacknowledged }) => unacknowledged)),
    `${equal.length} of ${all.length} runs`,
  ]);
}
console.log();
printTable(["link", "reported lost", "lost by the disk", "there, never acknowledged", "equal in"], rows);
process.exitCode = unequal === 0 ? 0 : 1;

async function measure(latencyMs: number, seed: string): Promise<Comparison> {
  const directory = await mkdtemp(join(tmpdir(), "gameday-bench-"));
  let understood = false;
  try {
    const config = await loadConfig({ settings: settings(latencyMs) }, {});
    const workers = workersFor(config.lab);
    const scenario = makeScenario(config.scenario, {
      options: config.play,
      tasks: config.lab.tasks,
      workers: workers.total,
    });
    let truth: Promise<LedgerTruth> = Promise.reject(new Error("the lab did not start"));
    truth.catch(() => undefined);
    const startedAt = new Date();
    const trouble = await playOnLab({
      config,
      seed,
      scenario,
      directory,
      workersPerDeployment: workers.perDeployment,
      signal: interrupted.signal,
      probesOf: (lab) => {
        const reader = ledgerTruth(lab);
        truth = reader.truth;
        return [reader.probe];
      },
    });
    if (trouble !== undefined) throw trouble;
    const history = await openHistory(historyFile(directory));
    const { verdicts } = concluded(history, { startedAt, interrupted: false, file: historyFile(directory) });
    const compared = compare(history, verdicts, await truth);
    understood = compared.differences.length === 0;
    return compared;
  } finally {
    if (understood) await rm(directory, { recursive: true, force: true });
    else console.log(`what was recorded is kept in ${directory}`);
  }
}

/** A small lab at a fast pace, with markers so close that a link of 200 ms holds several. */
function settings(latencyMs: number): (readonly [string, string, string])[] {
  const wanted = {
    "lab.link.latencyMs": latencyMs,
    "lab.deployments": 4,
    "lab.tasks": 8,
    "lab.timeScale": 100,
    "play.engine": "builtin",
    "play.ledgerEveryMs": 100,
    "play.steadyMs": 3_000,
    "play.stableMs": 1_000,
    "play.settleMs": 0,
  };
  return Object.entries(wanted).map(([key, value]) => [key, String(value), "this bench"]);
}

function spread(values: readonly number[]): string {
  const { min, median, max } = spreadOf(values);
  return `${min} … ${median} … ${max}`;
}
