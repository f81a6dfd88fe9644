import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { concluded } from "../cli/conclude.ts";
import { loadConfig } from "../cli/config.ts";
import { playOnLab } from "../cli/play-on-lab.ts";
import { historyFile } from "../cli/run-directory.ts";
import { scenarioOf } from "../cli/scenario.ts";
import type { History, Result } from "../harness/types.ts";
import { openHistory } from "../history/history.ts";
import { type LedgerTruth, ledgerTruth } from "./ledger-truth.ts";

/** A small lab at a fast pace, with markers so close that a link of 200 ms holds several. Keys and values as the configuration has them. */
export const smallDaySettings: Settings = {
  "lab.deployments": 4,
  "lab.tasks": 8,
  "lab.timeScale": 100,
  "play.engine": "builtin",
  "play.heartbeatEveryMs": 200,
  "play.ledgerEveryMs": 100,
  "play.steadyMs": 3_000,
  "play.stableMs": 1_000,
  // Long enough to try the old writer some times.
  "play.settleMs": 1_000,
};
/** A short form of every scenario: two deployments at a hundredth of real time. What `rds.global_db_rpo` bounds is not scaled, and takes its 20 s. */
export const shortDaySettings: Settings = {
  ...smallDaySettings,
  "lab.deployments": 2,
  // Long enough to see twice what stands by.
  "play.stableMs": 4_500,
  "play.settleMs": 4_500,
  "play.lifeMs": 2_000,
  "play.cutMs": 30_000,
  "play.standbyLostMs": 24_000,
  "play.recoveryDeadlineMs": 40_000,
  "play.protectionDeadlineMs": 60_000,
};
/** One loss of a region. 2.2 minutes are 1.3 s here: a clean run knows what it lost to within 0.7 s, and a link that is 2 s behind has lost 1.7 s at least. */
export const lossDaySettings: Settings = {
  ...smallDaySettings,
  "play.rpoDatabaseWithinMinutes": 2.2,
  "play.recoveryDeadlineMs": 25_000,
};
export type Settings = Readonly<Record<string, number | string | boolean>>;

/** What a day came to, and what the databases really held in the middle of it. `directory` holds its files until disposed. */
export interface SmallDay extends AsyncDisposable {
  readonly directory: string;
  readonly history: History;
  readonly result: Result;
  readonly truth: LedgerTruth;
}

/** Plays a whole game day in this process, without reports. Throws when it ended early. */
export async function playSmallDay(options: {
  readonly settings: Settings;
  readonly seed: string;
  readonly signal: AbortSignal;
}): Promise<SmallDay> {
  const directory = await mkdtemp(join(tmpdir(), "gameday-small-"));
  const wanted = { ...smallDaySettings, ...options.settings };
  const settings = Object.entries(wanted).map(([key, value]) => [key, String(value), "the settings"] as const);
  const config = await loadConfig({ settings }, {});
  const { scenario, workers } = scenarioOf(config);
  const startedAt = new Date();
  const truth = Promise.withResolvers<LedgerTruth>();
  truth.promise.catch(() => undefined); // Heard of below, after what ended the day early.
  const trouble = await playOnLab({
    config,
    scenario,
    directory,
    workersPerDeployment: workers.perDeployment,
    seed: options.seed,
    signal: options.signal,
    probesOf: (lab) => {
      const reader = ledgerTruth(lab);
      truth.resolve(reader.truth);
      return [reader.probe];
    },
  });
  if (trouble !== undefined) {
    throw new Error(`the day ended early: ${trouble.message} (its record is in ${directory})`, { cause: trouble });
  }
  const file = historyFile(directory);
  const history = await openHistory(file);
  return {
    directory,
    history,
    result: concluded(history, { startedAt, interrupted: false, file }),
    truth: await truth.promise,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
