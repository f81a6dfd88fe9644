import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { startLab } from "../fixtures/lab/lab.ts";
import { startClock, watchWallClock } from "../harness/clock.ts";
import { GamedayError, Interrupted, RollbackFailed, UsageError } from "../harness/errors.ts";
import { play } from "../harness/play.ts";
import { freshSeed, seededRandom } from "../harness/random.ts";
import type { Environment, Run, Scenario } from "../harness/types.ts";
import { openHistory } from "../history/history.ts";
import { openJournal } from "../history/journal.ts";
import { findK6 } from "../load/find-k6.ts";
import { defaultReporters } from "../reports/index.ts";
import { makeScenario } from "../scenarios/index.ts";
import { concluded, exitCodeOf, wasInterrupted } from "./conclude.ts";
import { type ConfigSources, type GamedayConfig, loadConfig } from "./config.ts";
import { interruption } from "./interruption.ts";
import { historyFile, makeRunDirectory } from "./run-directory.ts";
import { workersFor } from "./workers.ts";

/** Runs one game day on the embedded lab, from an empty machine to a report, and gives the exit code. */
export async function run(sources: ConfigSources): Promise<number> {
  const config = await loadConfig(sources, process.env);
  const seed = config.seed ?? freshSeed();
  const workers = workersFor(config.lab);
  const scenario = makeScenario(config.scenario, {
    options: config.play,
    tasks: config.lab.tasks,
    workers: workers.total,
  });
  const startedAt = new Date();
  const directory = await makeRunDirectory(config.outDir, scenario.name, startedAt);
  console.error(`gameday: ${scenario.title.toLowerCase()} · seed ${seed} · ${directory}`);

  using interrupted = interruption();
  // k6 may have to be built, once: that is better done before anything runs beside it.
  if (config.play.engine !== "builtin")
    await findK6({ signal: interrupted.signal, progress: (what) => console.error(`gameday: ${what}`) });
  const reporters = defaultReporters({ directory });
  const trouble = await playRecorded({
    config,
    seed,
    scenario,
    directory,
    workersPerDeployment: workers.perDeployment,
    interrupted,
    reporters,
  });
  const history = await openHistory(historyFile(directory));
  if (history.ops.length === 0) throw trouble ?? new Error("nothing was recorded");
  const result = concluded(history, {
    startedAt,
    interrupted: wasInterrupted(trouble),
    exitCode: exitCodeOf(trouble),
    file: historyFile(directory),
  });
  await reporters.onEnd(result, history);
  if (trouble !== undefined && !(trouble instanceof Interrupted)) {
    const hint = trouble instanceof GamedayError && trouble.hint !== undefined ? `\n  way out: ${trouble.hint}` : "";
    console.error(`gameday: ${trouble.message}${hint}`);
  }
  console.error(`gameday: seed ${seed}`);
  return result.exitCode;
}

interface Parts {
  readonly config: GamedayConfig;
  readonly seed: string;
  readonly scenario: Scenario;
  readonly directory: string;
  readonly workersPerDeployment: number;
  readonly interrupted: ReturnType<typeof interruption>;
  readonly reporters: ReturnType<typeof defaultReporters>;
}

/** Lab up, play, lab down. Gives what ended the run early; trouble before the first op is thrown, for then there is nothing to report. */
async function playRecorded({
  config,
  seed,
  scenario,
  directory,
  workersPerDeployment,
  interrupted,
  reporters,
}: Parts): Promise<Error | undefined> {
  const stop = new AbortController();
  const signal = AbortSignal.any([interrupted.signal, stop.signal]);
  await using lab = await startLab({
    config: config.lab,
    seed,
    workersPerDeployment,
    onProgress: (what) => console.error(`gameday: ${what}`),
    signal,
  });
  void lab.broken.then((why) => stop.abort(new Error(why)));
  requireAbilities(scenario, lab.environment);
  const clock = startClock();
  await using journal = openJournal({
    file: historyFile(directory),
    clock,
    onOp: (op) => reporters.onOp(op),
    onTrouble: (cause) => stop.abort(cause),
  });
  using _watch = watchWallClock(
    clock,
    (stepMs) => void journal.record({ process: "run/clock", f: "step", value: { stepMs } }, async () => ({})),
  );
  const run: Run = {
    environment: lab.environment,
    clock,
    random: seededRandom(seed),
    signal,
    scenario,
    directory,
    record: journal.record,
    observe: journal.observe,
  };
  await journal.record({ process: "run/play", f: "start", value: header(run, seed) }, async () => ({}));
  await lab.arm();
  let trouble: Error | undefined;
  try {
    await play(scenario, run);
  } catch (error) {
    trouble = rootOf(error);
  }
  await keepTruth(lab.context.directory, directory);
  return trouble;
}

function requireAbilities(scenario: Scenario, environment: Environment): void {
  const lacking = scenario.requires.filter((ability) => !environment.abilities.includes(ability));
  if (lacking.length > 0) {
    throw new UsageError(
      `${scenario.name} needs ${lacking.join(", ")}, which the ${environment.tier} environment does not offer`,
      {
        hint: `it offers ${environment.abilities.join(", ")}`,
      },
    );
  }
}

/** Everything that judging needs besides the ops, so that a history can be judged by itself years later. */
const header = (run: Run, seed: string): object => ({
  schema: 1,
  seed,
  scenario: { name: run.scenario.name, title: run.scenario.title, promise: run.scenario.promise },
  tier: run.environment.tier,
  timeScale: run.environment.timeScale,
  wallOriginMs: run.clock.wallOriginMs,
  regions: run.environment.regions,
  deployments: run.environment.platform.deployments.map(({ name }) => name),
  objectives: run.scenario.objectives,
  timing: run.scenario.timing,
  fidelity: run.environment.fidelity,
});

/** Of several errors the one that counts: a failed rollback outranks all, then the first that was thrown. */
function rootOf(error: unknown): Error {
  if (error instanceof SuppressedError) {
    const [later, first] = [rootOf(error.error), rootOf(error.suppressed)];
    return later instanceof RollbackFailed ? later : first;
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** The lab's own log goes with the run: benches hold the measurement against it. */
const keepTruth = (from: string, to: string): Promise<void> =>
  copyFile(join(from, "truth.ndjson"), join(to, "lab-truth.ndjson")).catch(() => undefined);
