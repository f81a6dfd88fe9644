import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { startClock } from "../harness/clock.ts";
import { EnvironmentTrouble } from "../harness/errors.ts";
import { standBack } from "../harness/priority.ts";
import type { EngineHealth, RunningEngine, Sink } from "./engine.ts";
import { parseLine } from "./parse-line.ts";

export interface EngineCommand {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Written to its standard input, which is then closed; without it the input stays open for as long as this process lives. */
  readonly input?: string;
  /** What it prints again and again, and nobody needs to read. */
  readonly noise?: readonly string[];
  /** Exit codes that mean "stopped as asked" after a SIGINT. */
  readonly stoppedCodes: readonly number[];
}

const wordsKept = 20;
const stopWithinMs = 5_000;

/**
 * Runs an engine's process and reads its lines from standard output. The process has no other standard output than ours: when this
 * process dies by any means, the engine's next line ends it (SIGPIPE, or the end of the pipe).
 */
export async function startEngineProcess(
  { name, file, args, env, input, noise = [], stoppedCodes }: EngineCommand,
  sink: Sink,
  signal?: AbortSignal,
): Promise<RunningEngine> {
  signal?.throwIfAborted();
  const child = spawn(file, args, { env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  const lastWords: string[] = [];
  let asked = false;
  let droppedIterations = 0;
  let thresholdsFailed: readonly string[] = [];

  const listen = (text: string): void => {
    const line = parseLine(text);
    if (line === undefined) {
      const words = text.trim();
      if (words === "" || noise.includes(words)) return;
      lastWords.push(words);
      if (lastWords.length > wordsKept) lastWords.shift();
      sink.words(words);
    } else if (line[0] === "bye") [, droppedIterations, thresholdsFailed] = line;
    else sink.line(line);
  };
  createInterface({ input: child.stdout }).on("line", listen);
  createInterface({ input: child.stderr }).on("line", listen);
  await once(child, "spawn").catch((cause: unknown) => {
    throw new EnvironmentTrouble(`the load engine ${name} did not start: ${file}`, { cause });
  });
  // A little only: its own lateness decides whether a run is valid.
  standBack(child.pid ?? 0, 2);

  // An engine that ends before it has read its input says why on its way out.
  child.stdin.on("error", () => undefined);
  if (input !== undefined) child.stdin.end(input);
  const ended = new Promise((resolve) => child.once("close", resolve)).then((): EngineHealth => {
    const exitCode = exitCodeOf(child);
    return {
      exitCode: asked && stoppedCodes.includes(exitCode) ? 0 : exitCode,
      early: !asked,
      droppedIterations,
      thresholdsFailed,
      lastWords,
    };
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      asked = true;
      child.kill("SIGINT");
      const patience = new AbortController();
      const forced = startClock()
        .sleep(stopWithinMs, patience.signal)
        .then(
          () => child.kill("SIGKILL"),
          () => undefined,
        );
      await ended;
      patience.abort();
      await forced;
    }
    await ended;
  };
  const { pid } = child;
  if (pid === undefined) throw new EnvironmentTrouble(`the load engine ${name} has no process: ${file}`);
  signal?.addEventListener("abort", () => void stop(), { once: true });
  return { pid, ended, [Symbol.asyncDispose]: stop };
}

function exitCodeOf(child: ChildProcess): number {
  if (child.exitCode !== null) return child.exitCode;
  return child.signalCode === null ? 0 : 128 + constants.signals[child.signalCode];
}
