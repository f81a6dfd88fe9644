import { setTimeout as pause } from "node:timers/promises";
import { Command } from "commander";
import { interruption } from "../cli/interruption.ts";
import { type Gameday, type LabSeen, leftOf, makePlace, type Place, smallDay } from "../cli/testing.ts";
import { seededRandom } from "../harness/random.ts";
import { printTable } from "./spread.ts";

/**
 * `kill -9` of the harness at random points of a small game day, from its first moment to after its end. Nothing may be frozen, and no process,
 * port or directory may be left: the lab's supervisor removes it, and it has 15 s for that.
 */
const options = new Command()
  .option("--runs <count>", "random points", Number, 50)
  .option("--seed <text>", "of the points", "harness-kills")
  .option("--within <ms>", "the points lie within this time from the start", Number, 35_000)
  .parse()
  .opts<{ runs: number; seed: string; within: number }>();

const goneWithinMs = 15_000;

using interrupted = interruption();
const random = seededRandom(options.seed);
const rows: string[][] = [];
for (let run = 1; run <= options.runs && !interrupted.signal.aborted; run += 1) {
  const atMs = random.next() * options.within;
  const { during, left } = await killedAt(atMs);
  rows.push([String(run), `${(atMs / 1_000).toFixed(1)} s`, during, left.length === 0 ? "nothing" : left.join(", ")]);
  console.log(
    `run ${run} of ${options.runs}: killed after ${(atMs / 1_000).toFixed(1)} s, ${during}: left ${rows.at(-1)?.at(-1)}`,
  );
}
const clean = rows.filter(([, , , left]) => left === "nothing").length;
console.log();
printTable(["killed at random points", "left nothing behind"], [[String(rows.length), `${clean} of ${rows.length}`]]);
process.exitCode = clean === options.runs ? 0 : 1;

async function killedAt(atMs: number): Promise<{ during: string; left: readonly string[] }> {
  await using place = makePlace();
  await using day = place.start(["run", ...smallDay]);
  await Promise.race([pause(atMs), day.ended]);
  const lab = labOf(place, day);
  day.signal("SIGKILL");
  const { how } = await day.ended;
  const [said = "its start"] =
    day
      .output()
      .match(/phase [a-z -]+(?= …)/g)
      ?.toReversed() ?? [];
  const until = performance.now() + goneWithinMs;
  const look = () => [...(lab === undefined ? [] : leftOf(place, lab)), ...remains(place)];
  while (look().length > 0 && performance.now() < until) await pause(100);
  return { during: how === "SIGKILL" ? `in ${said}` : "it had ended", left: [...new Set(look())] };
}

/** The lab that it has up, if it has come that far. */
function labOf(place: Place, day: Gameday): LabSeen | undefined {
  try {
    return place.labs().length > 0 ? day.lab() : undefined;
  } catch {
    return undefined; // Its directory is there, and its supervisor has not written down yet where it is.
  }
}

function remains(place: Place): readonly string[] {
  return [...place.labs(), ...place.processes().map(({ pid, state }) => `process ${pid} ${state}`)];
}
