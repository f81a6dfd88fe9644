import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { EnvironmentTrouble } from "../../harness/errors.ts";
import { readRunJson } from "../../reports/run-json.ts";
import type { Settings } from "../small-day.ts";
import type { Plant } from "./defects.ts";
import { type Seen, seenIn } from "./outcome.ts";

const seen = z.union([
  z.object({ failed: z.array(z.string()), unknown: z.array(z.string()) }),
  z.object({ environment: z.string() }),
]);
/** One day of the matrix, as it is kept. `again`: the first try was too late to be believed. */
export const played = z.object({ name: z.string(), seed: z.string(), again: z.boolean(), seen });
export type Played = z.infer<typeof played>;

export interface DayToPlay {
  readonly name: string;
  readonly scenario: string;
  readonly plant?: Plant | undefined;
  readonly settings: Settings;
  readonly seed: string;
  readonly directory: string;
  /** Ends the day as Ctrl-C does. */
  readonly signal: AbortSignal;
}

/** Plays it as a user does, with `--plant`; once more when the machine was too busy for its clocks to be believed. */
export async function playOne(day: DayToPlay): Promise<Played> {
  const first = await run(day);
  const isLate = "failed" in first && ["probes", "generator"].some((checker) => first.failed.includes(checker));
  return { name: day.name, seed: day.seed, again: isLate, seen: seen.parse(isLate ? await run(day) : first) };
}

async function run({ scenario, plant, settings, seed, directory, signal }: DayToPlay): Promise<Seen> {
  const outDir = await mkdtemp(join(directory, "day-"));
  const pairs = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      join(import.meta.dirname, "..", "..", "cli", "main.ts"),
      ...["run", scenario, "--seed", seed, "--out-dir", outDir],
      ...(plant === undefined ? [] : ["--plant", plant]),
      ...["--set", ...pairs],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const stop = () => void child.kill("SIGINT");
  signal.addEventListener("abort", stop);
  const [words] = await Promise.all([text(child.stderr), once(child, "exit")]);
  signal.removeEventListener("abort", stop);
  try {
    const [name] = await readdir(outDir);
    const file = name === undefined ? undefined : join(outDir, name, "run.json");
    // No day began, or none could be judged.
    if (file === undefined || !existsSync(file)) return { environment: reason(words) };
    const result = await readRunJson(file);
    // A day that ended before anything was broken: what its checkers say of nothing is no finding.
    const { exitCode, experimentId } = result;
    return exitCode === environmentTrouble && experimentId === undefined
      ? { environment: reason(words) }
      : seenIn(result);
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

const environmentTrouble = new EnvironmentTrouble("").exitCode;

/** The line that names the cause. */
const reason = (words: string): string =>
  words
    .split("\n")
    .filter((line) => line.startsWith("gameday: ") && !line.startsWith("gameday: seed "))
    .at(-1) ?? words.slice(-300);
