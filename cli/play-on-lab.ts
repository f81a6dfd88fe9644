import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { FisClient } from "@aws-sdk/client-fis";
import { RDSClient } from "@aws-sdk/client-rds";
import { breakdownHint, type Lab, startLab } from "../fixtures/lab/lab.ts";
import { plantedClock } from "../fixtures/lab/plants.ts";
import { drillsOf, named, phasesOf } from "../harness/acts.ts";
import { startClock } from "../harness/clock.ts";
import { EnvironmentTrouble, Interrupted, RollbackFailed, UsageError } from "../harness/errors.ts";
import { play } from "../harness/play.ts";
import { seededRandom } from "../harness/random.ts";
import type { Environment, Op, Probe, Run, Scenario } from "../harness/types.ts";
import { openJournal } from "../history/journal.ts";
import { isRecorded, startRecorder } from "../probes/egress/recorder/recorder.ts";
import type { GamedayConfig } from "./config.ts";
import { plantedEyes, plantedGap, plantedLateness } from "./plants-in-harness.ts";
import { recordClock } from "./record-clock.ts";
import { historyFile } from "./run-directory.ts";
import { labOf } from "./scenario.ts";

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
export async function playOnLab(given: OnLab): Promise<Error | undefined> {
  const seen: Seen = { begun: false };
  try {
    await playAndRemove(given, seen);
    await plantedGap(given.config.lab, historyFile(given.directory));
  } catch (error) {
    if (!seen.begun) throw error;
    seen.trouble = worst(seen.trouble, rootOf(error));
  }
  // With the lab its faults are gone too: that it broke down is the news, not that they could not be undone one by one.
  return seen.broken !== undefined && !(seen.trouble instanceof Interrupted) ? seen.broken : seen.trouble;
}

interface Seen {
  /** The first op is in the history: from here on there is something to report. */
  begun: boolean;
  trouble?: Error;
  broken?: Error;
}

async function playAndRemove(
  {
    config,
    seed,
    scenario: given,
    directory,
    workersPerDeployment,
    signal: outer,
    onOp = () => undefined,
    onProgress = () => undefined,
    probesOf = () => [],
  }: OnLab,
  seen: Seen,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  await using lab = await startLab({
    config: labOf(config.lab, given),
    seed,
    workersPerDeployment,
    recorder: preload,
    onProgress,
    signal,
  });
  // Nothing the harness does may need the region that it breaks: it is recorded as the platform is.
  using _recorder = await recordHarness(lab.environment);
  void lab.broken.then((why) => {
    seen.broken = new EnvironmentTrouble(why, { hint: breakdownHint });
    stop.abort(seen.broken);
  });
  const scenario = { ...given, probes: [...given.probes, ...probesOf(lab)] };
  requireAbilities(scenario, lab.environment);
  const { url, clusterId, token } = lab.environment.platform.controlPlane;
  onProgress(`the platform's own page: ${url}/clusters/${clusterId}, sign in with ${token}`);
  const clock = startClock();
  await using journal = openJournal({
    file: historyFile(directory),
    clock,
    onOp: (op) => {
      plantedLateness(config.lab, op);
      onOp(op);
    },
    onTrouble: (cause) => stop.abort(cause),
  });
  const run: Run = {
    environment: plantedEyes(config.lab, lab.environment),
    clock,
    random: seededRandom(seed),
    signal,
    scenario,
    directory,
    record: journal.record,
    observe: journal.observe,
  };
  await journal.record({ process: "run/play", f: "start", value: header(run, seed) }, async () => ({}));
  seen.begun = true;
  await using _watch = recordClock(journal, clock, plantedClock(config.lab, clock));
  try {
    await lab.arm();
    await play(scenario, run);
  } catch (error) {
    seen.trouble = rootOf(error);
  }
  await keepTruth(lab.context.directory, directory);
}

const preload = join(import.meta.dirname, "../probes/egress/recorder/preload.js");

/** Any client of each copy of the SDK leads the recorder to all others. A process that is recorded already stays so. */
const recordHarness = async ({ egress }: Environment): Promise<Disposable> =>
  egress === undefined || isRecorded()
    ? { [Symbol.dispose]: () => undefined }
    : startRecorder({ label: "harness", directory: egress.directory, clients: [RDSClient, FisClient] });

const worst = (first: Error | undefined, later: Error): Error =>
  first === undefined || later instanceof RollbackFailed ? later : first;

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
  schema: 2,
  seed,
  scenario: { name: run.scenario.name, title: run.scenario.title, promise: run.scenario.promise },
  tier: run.environment.tier,
  timeScale: run.environment.timeScale,
  wallOriginMs: run.clock.wallOriginMs,
  regions: run.environment.regions,
  deployments: run.environment.platform.deployments.map(({ name }) => name),
  objectives: run.scenario.objectives,
  primary: run.environment.regions[run.scenario.primary ?? "lost"],
  drills: drillsOf(run.scenario.acts).map((drill) => named(drill, run.environment.regions)),
  phases: phasesOf(run.scenario),
  timing: run.scenario.timing,
  fidelity: run.environment.fidelity,
});

/** Of several errors the one that counts: a failed rollback outranks all, then the first that was thrown. */
function rootOf(error: unknown): Error {
  if (error instanceof SuppressedError) {
    const [later, first] = [rootOf(error.error), rootOf(error.suppressed)];
    return worst(first, later);
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** The lab's own log goes with the run: benches hold the measurement against it. */
const keepTruth = (from: string, to: string): Promise<void> =>
  copyFile(join(from, "truth.ndjson"), join(to, "lab-truth.ndjson")).catch(() => undefined);
