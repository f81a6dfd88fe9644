import { isDeepStrictEqual } from "node:util";
import { Command } from "commander";
import { interruption } from "../cli/interruption.ts";
import { type KillPoint, playCycle } from "../fixtures/lab/killed-cycle.ts";
import { seededRandom } from "../harness/random.ts";
import { printTable } from "./spread.ts";

/**
 * A whole cycle, there and back, whose control plane is killed at a random point, against one that nobody disturbed: the end must be the same, and
 * nothing may have been done twice. Each run is a small lab of two databases with the control plane as a process of its own.
 */
const options = new Command()
  .option("--runs <count>", "random points", Number, 30)
  .option("--seed <text>", "of the points", "orchestrator-kills")
  .parse()
  .opts<{ runs: number; seed: string }>();

using interrupted = interruption();
const random = seededRandom(options.seed);
const undisturbed = await playCycle([]);
const rows: string[][] = [];
for (let run = 1; run <= options.runs && !interrupted.signal.aborted; run += 1) {
  const point = pointAt(random.next());
  const outcome = await playCycle([point]).then(
    ({ kills, state }) => {
      if (kills !== 1) return "not killed";
      return isDeepStrictEqual(state, undisturbed.state) ? "the same" : "another end";
    },
    (error: Error) => `no end: ${error.message}`,
  );
  rows.push([String(run), JSON.stringify(point), outcome]);
  console.log(`run ${run} of ${options.runs}: ${JSON.stringify(point)}: ${outcome}`);
}
const same = rows.filter(([, , outcome]) => outcome === "the same").length;
console.log();
printTable(
  ["killed at random points", "ended in the same state"],
  [[String(rows.length), `${same} of ${rows.length}`]],
);
process.exitCode = same === options.runs ? 0 : 1;

/** One in ten in the two moments at which no call to AWS is made. */
function pointAt(dice: number): KillPoint {
  if (dice < 0.05) return { inflating: "failover" };
  if (dice < 0.1) return { inflating: "failback" };
  const effect = 1 + Math.floor(random.next() * undisturbed.effects);
  return { effect, asked: Math.floor(random.next() * 3), carriedOut: random.next() < 0.5 };
}
