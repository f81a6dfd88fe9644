import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { labConfig } from "../fixtures/lab/config.ts";
import { UsageError } from "../harness/errors.ts";
import { freshSeed } from "../harness/random.ts";
import { openHistory } from "../history/history.ts";
import { type ConfigSources, type GamedayConfig, loadConfig } from "./config.ts";
import { interruption } from "./interruption.ts";
import { historyFile, makeRunDirectory } from "./run-directory.ts";
import { doorsOf } from "./sweep/doors.ts";
import { edgesOf, type FoundEdge, keyOf } from "./sweep/edges.ts";
import { openSweep, planIn, type SweepPlan } from "./sweep/journal.ts";
import { everyEdge, labEdges, namedEdge } from "./sweep/lab-edges.ts";
import type { Matrix } from "./sweep/matrix.ts";
import { page } from "./sweep/page.ts";
import { markdown, text } from "./sweep/render.ts";
import { sweep } from "./sweep/sweep.ts";
import { labsFor } from "./sweep/warm-lab.ts";

export interface SweepFlags {
  /** A run whose recorders say which edges there are. */
  readonly run?: string;
  readonly edge?: readonly string[];
  /** The directory of a sweep that ended early. */
  readonly resume?: string;
  readonly how?: string;
  readonly within?: string;
  readonly baselines?: string;
}

/** Fails one edge at a time while everything else is well, plays a failover each time and prints the matrix: 0 all survive, 1 some break, 3 some are not known. */
export async function runSweep(sources: ConfigSources, flags: SweepFlags): Promise<number> {
  const config = await loadConfig(sources, process.env);
  const directory = flags.resume ?? (await makeRunDirectory(config.outDir, "sweep", new Date()));
  const file = join(directory, "sweep.ndjson");
  const plan = flags.resume === undefined ? await planOf(config, flags) : planIn(file);
  if (plan === undefined)
    throw new UsageError(`there is no sweep to go on with in ${resolve(directory)}`, {
      hint: "leave --resume away to begin one",
    });
  await mkdir(directory, { recursive: true });
  const say = (line: string): void => console.error(`gameday: ${line}`);
  say(`sweep · seed ${plan.seed} · ${directory}`);
  using interrupted = interruption();
  using journal = openSweep(file, plan);
  const { signal } = interrupted;
  await using lab = labsFor({ plan, config: configOf(config, plan), signal, onProgress: say });
  const matrix = await sweep({
    journal,
    play: (edge) => lab.play(edge),
    now: () => performance.now(),
    onProgress: say,
    signal,
  });
  await writeFile(join(directory, "sweep.md"), markdown(matrix));
  await writeFile(join(directory, "sweep.html"), page(matrix));
  console.log(text(matrix));
  return exitCodeOf(matrix);
}

const exitCodeOf = ({ cells }: Matrix): number => {
  const outcomes = cells.map(({ outcome }) => outcome?.outcome);
  return outcomes.includes("breaks") ? 1 : outcomes.includes("unknown") ? 3 : 0;
};

async function planOf(config: GamedayConfig, flags: SweepFlags): Promise<SweepPlan> {
  const { regions, timeScale, deployments } = config.lab;
  return {
    schema: "gameday.sweep/1",
    seed: config.seed ?? freshSeed(),
    regions,
    timeScale,
    deployments,
    how: flags.how ?? "silent",
    withinMs: 1_000 * numberOf("--within", flags.within ?? "45"),
    baselines: numberOf("--baselines", flags.baselines ?? "3"),
    edges: await edgesFor(config, flags),
  };
}

async function edgesFor(
  { lab: { regions } }: GamedayConfig,
  { run, edge = [] }: SweepFlags,
): Promise<readonly FoundEdge[]> {
  const asked = edge.map((name) => namedEdge(name, regions));
  if (run === undefined) return asked.length > 0 ? asked : everyEdge(regions);
  const known = new Set(labEdges(regions).map(keyOf));
  const found = edgesOf(await openHistory(historyFile(run)), {
    regions,
    doorOf: doorsOf,
    canFail: (one) => known.has(keyOf(one)),
  });
  const names = new Set(found.map(keyOf));
  return [...found, ...asked.filter((one) => !names.has(keyOf(one)))];
}

function numberOf(flag: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new UsageError(`${flag} ${value}: it must be a whole number from 1`);
  return number;
}

/** A sweep that is gone on with has the lab that it began with. */
const configOf = ({ lab }: GamedayConfig, { regions, timeScale, deployments }: SweepPlan): GamedayConfig["lab"] =>
  labConfig.parse({ ...lab, regions, timeScale, deployments });
