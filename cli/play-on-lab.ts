import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { type Lab, startLab } from "../fixtures/lab/lab.ts";
import { startClock, watchWallClock } from "../harness/clock.ts";
import { RollbackFailed, UsageError } from "../harness/errors.ts";
import { play } from "../harness/play.ts";
import { seededRandom } from "../harness/random.ts";
import type { Environment, Op, Probe, Run, Scenario } from "../harness/types.ts";
import { openJournal } from "../history/journal.ts";
import type { GamedayConfig } from "./config.ts";
import { historyFile } from "./run-directory.ts";

export interface OnLab {
  readonly config: Pick<GamedayConfig, "lab">;
  readonly seed: string;
  readonly scenario: Scenario;
  /** The history goes in here. */
  readonly directory: string;
  readonly workersPerDeployment: number;
  /** Ends the run early. */
  readonly signal: AbortSignal;
  readonly onOp?: (op: Op) => void;
  readonly onProgress?: (what: string) => void;
  /** More probes for the scenario, which may know the lab itself: a bench holds a run against the truth. */
  readonly probesOf?: (lab: Lab) => readonly Probe[];
}

/** Lab up, play, lab down. Gives what ended the run early; trouble before the first op is thrown, for then there is nothing to report. */
export async function playOnLab({
  config,
  seed,
  scenario: given,
  directory,
  workersPerDeployment,
  signal: outer,
  onOp = () => undefined,
  onProgress = () => undefined,
  probesOf = () => [],
}: OnLab): Promise<Error | undefined> {
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  await using lab = await startLab({
    config: config.lab,
    seed,
    workersPerDeployment,
    onProgress,
    signal,
  });
  void lab.broken.then((why) => stop.abort(new Error(why)));
  const scenario = { ...given, probes: [...given.probes, ...probesOf(lab)] };
  requireAbilities(scenario, lab.environment);
  const clock = startClock();
  await using journal = openJournal({
    file: historyFile(directory),
    clock,
    onOp,
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
