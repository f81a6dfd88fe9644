import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { interruption } from "../cli/interruption.ts";
import { labConfig } from "../fixtures/lab/config.ts";
import { seededRandom } from "../harness/random.ts";
import { clean, type Day, dayOf, defects, type Plant } from "./matrix/defects.ts";
import { isExact, rates, type Score, score } from "./matrix/outcome.ts";
import { type Played, played, playOne } from "./matrix/play.ts";
import { printTable } from "./spread.ts";

/**
 * Plants each defect in a small game day, and plays days without any. Each defect must be found by exactly the checkers that name it, and the
 * clean days by none. A matrix that was interrupted goes on with `--file`.
 */
const options = new Command()
  .option("--seeds <count>", "days without a defect", Number, 50)
  .option("--seed <text>", "of all days", "matrix")
  .addOption(new Option("--only <defect...>", "play these only").choices(defects.map(({ plant }) => plant)))
  .option(
    "--at-once <count>",
    "days that are played beside each other; a small one takes less than one core",
    Number,
    1,
  )
  .option("--file <path>", "where each day's outcome is kept; those that are there are not played again")
  .parse()
  .opts<{ seeds: number; seed: string; only?: readonly string[]; atOnce: number; file?: string }>();

using interrupted = interruption();
const directory = await mkdtemp(join(tmpdir(), "gameday-matrix-"));
const file = options.file ?? join(directory, "matrix.ndjson");
const known = new Map(
  (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [])
    .filter((line) => line !== "")
    .map((line) => played.parse(JSON.parse(line)))
    .map((day) => [day.name, day]),
);
const random = seededRandom(options.seed);
const cleanDays = options.only === undefined ? options.seeds : 0;
const days: readonly (Day & { readonly name: string; readonly plant?: Plant })[] = [
  ...defects.filter(({ plant }) => options.only?.includes(plant) ?? true).map((one) => ({ ...one, name: one.plant })),
  ...Array.from({ length: Math.ceil(cleanDays / clean.length) }, () => clean)
    .flat()
    .slice(0, cleanDays)
    .map((day, n) => ({ ...day, name: `clean ${n + 1}` })),
];

interface Scored {
  readonly planned: (typeof days)[number];
  readonly day: Played;
  readonly score: Score;
}
/** By the place in the plan. */
const done = new Map<number, Scored>();
const waiting = [...days.entries()];
async function playRest(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined && !interrupted.signal.aborted; next = waiting.shift())
    await play(...next);
}
async function play(n: number, planned: (typeof days)[number]): Promise<void> {
  const { name, scenario, plant, settings } = planned;
  const day =
    known.get(name) ??
    (await playOne({
      name,
      scenario,
      plant,
      settings: { ...dayOf(scenario), ...settings },
      seed: random.fork(name).seed,
      directory,
      signal: interrupted.signal,
    }));
  if (interrupted.signal.aborted) return;
  if (!known.has(name)) appendFileSync(file, `${JSON.stringify(day)}\n`);
  const always = clean.find((one) => one.scenario === scenario)?.open ?? [];
  const one = score(planned, day.seen, always);
  done.set(n, { planned, day, score: one });
  console.log(`${done.size} of ${days.length}: ${name} in ${scenario}: ${told(one)}`);
}
await Promise.all(Array.from({ length: options.atOnce }, playRest));
const scored = days.flatMap((_, n) => done.get(n) ?? []);

console.log();
const inDefects = scored.filter(({ planned }) => planned.plant !== undefined);
const inClean = scored.filter(({ planned }) => planned.plant === undefined);
printTable(
  ["defect", "in", "must be found by", "found by", "exactly"],
  inDefects.map(({ planned, score: one, day }) => [
    planned.name,
    planned.scenario,
    [planned.found].flat().join(", "),
    "environment" in day.seen ? "no verdict" : day.seen.failed.join(", "),
    isExact(one) ? "yes" : told(one),
  ]),
);
const { precision, recall } = rates(inDefects.map(({ score: one }) => one));
const alarms = inClean.filter(({ score: one }) => !isExact(one)).length;
const again = scored.filter(({ day }) => day.again).length;
const planted = Object.keys(labConfig.parse({}).plant).length;
console.log(`
defects ${inDefects.length} of ${planted}, found exactly ${inDefects.filter(({ score: one }) => isExact(one)).length}
precision ${precision?.toFixed(3) ?? "unknown"}, recall ${recall?.toFixed(3) ?? "unknown"} over the findings of all of them
clean days ${inClean.length}, with a finding ${alarms}
played once more because the machine was late: ${again}`);
process.exitCode =
  scored.length === days.length && alarms === 0 && inDefects.every(({ score: one }) => isExact(one)) ? 0 : 1;
if (options.file === undefined && scored.length === days.length) await rm(directory, { recursive: true });
else console.log(`outcomes: ${file}`);

function told(one: Score): string {
  const parts = [
    one.hits.length > 0 && `found by ${one.hits.join(", ")}`,
    one.missed.length > 0 && `missed by ${one.missed.join(", ")}`,
    one.false.length > 0 && `falsely found by ${one.false.join(", ")}`,
    one.blind.length > 0 && `unknown to ${one.blind.join(", ")}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? "no finding" : parts.join("; ");
}
