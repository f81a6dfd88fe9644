import { Command } from "commander";
import { interruption } from "../cli/interruption.ts";
import { type Comparison, compare } from "./ledger-truth.ts";
import { playSmallDay } from "./small-day.ts";
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
  await using stack = new AsyncDisposableStack();
  const settings = { "lab.link.latencyMs": latencyMs };
  const day = stack.use(await playSmallDay({ settings, seed, signal: interrupted.signal }));
  const compared = compare(day.history, day.result.verdicts, day.truth);
  if (compared.differences.length > 0) {
    console.log(`what was recorded is kept in ${day.directory}`);
    stack.move();
  }
  return compared;
}

function spread(values: readonly number[]): string {
  const { min, median, max } = spreadOf(values);
  return `${min} … ${median} … ${max}`;
}
