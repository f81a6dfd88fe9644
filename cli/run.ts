import { EnvironmentTrouble, GamedayError, Interrupted } from "../harness/errors.ts";
import { freshSeed } from "../harness/random.ts";
import { openHistory } from "../history/history.ts";
import type { EngineChoice } from "../load/choose-engine.ts";
import { findK6 } from "../load/find-k6.ts";
import { defaultReporters } from "../reports/index.ts";
import { concluded, exitCodeOf, wasInterrupted } from "./conclude.ts";
import { type ConfigSources, loadConfig } from "./config.ts";
import { interruption } from "./interruption.ts";
import { playOnLab } from "./play-on-lab.ts";
import { historyFile, makeRunDirectory, removeEmpty } from "./run-directory.ts";
import { scenarioOf } from "./scenario.ts";

/** Runs one game day on the embedded lab, from an empty machine to a report, and gives the exit code. */
export async function run(sources: ConfigSources): Promise<number> {
  const config = await loadConfig(sources, process.env);
  const seed = config.seed ?? freshSeed();
  const { scenario, workers } = scenarioOf(config);
  const startedAt = new Date();
  const directory = await makeRunDirectory(config.outDir, scenario.name, startedAt);
  console.error(`gameday: ${scenario.title.toLowerCase()} · seed ${seed} · ${directory}`);

  using interrupted = interruption();
  const onProgress = (what: string): void => console.error(`gameday: ${what}`);
  const reporters = defaultReporters({ directory });
  let trouble: Error | undefined;
  try {
    await requireEngine(config.play.engine, interrupted.signal, onProgress);
    trouble = await playOnLab({
      config,
      seed,
      scenario,
      directory,
      workersPerDeployment: workers.perDeployment,
      signal: interrupted.signal,
      onOp: (op) => reporters.onOp(op),
      onProgress,
    });
  } catch (error) {
    await removeEmpty(directory);
    throw error;
  }
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

/** k6 may have to be built, once: that is better done before anything runs beside it. Throws `EnvironmentTrouble` when it was asked for and cannot be had. */
async function requireEngine(choice: EngineChoice, signal: AbortSignal, progress: (what: string) => void) {
  if (choice === "builtin") return;
  const found = await findK6({ signal, progress });
  if ("file" in found) return;
  if (choice === "k6") throw new EnvironmentTrouble(`no k6 here: ${found.missing}`, { hint: found.hint });
  progress(`${found.missing}; the builtin engine makes the load`);
}
