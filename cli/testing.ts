import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished } from "vitest";
import { backboneAddresses, places, regionAddresses } from "../fixtures/lab/addresses.ts";
import { cacheDirectory, labIdVariable } from "../fixtures/lab/lab-process.ts";
import { labelled, type ProcessRow, signalProcess } from "../fixtures/lab/processes.ts";
import { processesOf } from "../fixtures/lab/remains.ts";
import type { Result } from "../harness/types.ts";
import { readRunJson } from "../reports/index.ts";

/** The smallest game day that passes: two deployments, eight tasks, three seconds of steady state. */
export const smallDay = [
  ...["--deployments", "2", "--tasks", "6", "--time-scale", "100", "--engine", "builtin"],
  ...["--set", "play.steadyMs=2000", "play.stableMs=4000", "play.settleMs=1000", "play.heartbeatEveryMs=500"],
] as const;

export interface Ended {
  /** The exit code, or the signal that ended it. */
  readonly how: number | string;
  readonly afterMs: number;
}

/** A `gameday` command as a user runs it, in a place of its own: labs, runs and caches of nobody else are in it. */
export interface Gameday extends AsyncDisposable {
  readonly pid: number;
  /** What it wrote to both outputs so far. */
  output(): string;
  /** Resolves when it has written this; rejects with all that it wrote when it ended before. */
  said(what: string | RegExp): Promise<void>;
  readonly ended: Promise<Ended>;
  signal(name: NodeJS.Signals): void;
  /** The lab that it has up. */
  lab(): LabSeen;
}

export interface LabSeen {
  readonly id: string;
  readonly directory: string;
  readonly slot: number;
  readonly supervisor: number;
}

/** A place for commands: a TMPDIR and an output directory. Disposing removes them, and what a failed test left running in it. */
export interface Place extends AsyncDisposable {
  readonly temporary: string;
  readonly outDir: string;
  /** Starts a command. Runs put their files into `outDir`. */
  start(args: readonly string[], environment?: NodeJS.ProcessEnv, wrapper?: readonly string[]): Gameday;
  /** Runs a command to its end. */
  run(
    args: readonly string[],
    environment?: NodeJS.ProcessEnv,
    wrapper?: readonly string[],
  ): Promise<Ended & { output: string }>;
  /** Directories of runs, oldest first. */
  runs(): readonly string[];
  /** Directories of labs. */
  labs(): readonly string[];
  /** Everything that still runs of what was started here: process ids and states. */
  processes(): readonly ProcessRow[];
}

const command = ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, "main.ts")];
const root = join(import.meta.dirname, "..");
const placeVariable = "GAMEDAY_TEST_PLACE";
let made = 0;

export function makePlace(): Place {
  const temporary = mkdtempSync(join(tmpdir(), "gameday-test-"));
  // Under root PostgreSQL runs as a user of its own, and must be able to pass through.
  chmodSync(temporary, 0o711);
  const name = `${process.pid}-${made++}`;
  const outDir = join(temporary, "runs");
  const start: Place["start"] = (args, environment = {}, wrapper = []) => {
    const began = performance.now();
    const [file = "", ...rest] = [...wrapper, process.execPath, ...command, ...args];
    const child = spawn(file, rest, {
      cwd: root,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        NO_COLOR: "1",
        NODE_COMPILE_CACHE: join(cacheDirectory(), "compiled"),
        TMPDIR: temporary,
        GAMEDAY_OUT_DIR: outDir,
        [placeVariable]: name,
        ...environment,
      },
    });
    let output = "";
    const listeners = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        for (const listener of listeners) listener();
      });
    const { promise: ended, resolve, reject } = Promise.withResolvers<Ended>();
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ how: signal ?? code ?? "nothing", afterMs: performance.now() - began });
      for (const listener of listeners) listener();
    });
    return {
      pid: child.pid ?? 0,
      output: () => output,
      ended,
      signal: (signal) => void child.kill(signal),
      async said(what) {
        const met = (): boolean => (typeof what === "string" ? output.includes(what) : what.test(output));
        const heard = Promise.withResolvers<void>();
        const look = (): void => {
          if (met()) heard.resolve();
          else if (child.exitCode !== null || child.signalCode !== null)
            heard.reject(
              new Error(`it ended (${child.signalCode ?? child.exitCode}) and never said ${what}:\n${output}`),
            );
        };
        listeners.add(look);
        look();
        await heard.promise.finally(() => listeners.delete(look));
      },
      lab: () => labIn(temporary),
      async [Symbol.asyncDispose]() {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill("SIGKILL");
        child.kill("SIGCONT");
        await ended;
      },
    };
  };
  const place: Place = {
    temporary,
    outDir,
    start,
    async run(args, environment, wrapper) {
      await using running = start(args, environment, wrapper);
      return { ...(await running.ended), output: running.output() };
    },
    runs: () => list(outDir).map((one) => join(outDir, one)),
    labs: () => list(temporary).flatMap((one) => (one.startsWith("gameday-lab-") ? [join(temporary, one)] : [])),
    processes: () => [
      ...new Map(
        [...labelled(placeVariable, name), ...place.labs().flatMap((directory) => processesOf(named(directory)))].map(
          (row) => [row.pid, row],
        ),
      ).values(),
    ],
    async [Symbol.asyncDispose]() {
      for (const { pid } of place.processes()) signalProcess(pid, "SIGKILL");
      await pause(50);
      rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return place;
}

export interface Day {
  readonly exitCode: number | string;
  readonly result: Result;
}

/**
 * Plays a day once more that says of itself that the machine was too busy for its clocks to be believed. That is the right verdict on it, and what
 * the test is about needs another.
 */
export async function onTime<Played extends Day>(play: () => Promise<Played>): Promise<Played> {
  const day = await play();
  const late = day.result.verdicts.some(
    ({ checker, outcome }) => (checker === "probes" || checker === "generator") && outcome !== "pass",
  );
  return late ? play() : day;
}

/** Runs a game day with these settings as a user does. Nothing of it may be left. */
export const playDay = (
  place: Place,
  settings: Readonly<Record<string, number | string | boolean>>,
  scenario?: string,
): Promise<Day> => onTime(() => playOnce(place, settings, scenario));

async function playOnce(
  place: Place,
  settings: Readonly<Record<string, number | string | boolean>>,
  scenario?: string,
): Promise<Day> {
  const outDir = join(place.temporary, `runs-${made++}`);
  const pairs = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  const { how, output } = await place.run([
    "run",
    ...(scenario === undefined ? [] : [scenario]),
    ...["--out-dir", outDir, "--set", ...pairs],
  ]);
  onTestFinished(({ task }) => {
    if (task.result?.state === "fail") console.log(output);
  });
  expect(place.labs()).toEqual([]);
  expect(place.processes()).toEqual([]);
  const directory = /gameday: .* · (\/.*)$/m.exec(output)?.[1] ?? "";
  return { exitCode: how, result: await readRunJson(join(directory, "run.json")) };
}

/** What each checker said. */
export const outcomes = ({ verdicts }: Pick<Result, "verdicts">): Record<string, string> =>
  Object.fromEntries(verdicts.map(({ checker, outcome }) => [checker, outcome]));

const named = (directory: string) => ({ directory, id: directory.slice(directory.lastIndexOf("-") + 1) });

function labIn(temporary: string): LabSeen {
  const [name] = list(temporary).filter((one) => one.startsWith("gameday-lab-"));
  if (name === undefined) throw new Error(`no lab in ${temporary}`);
  const directory = join(temporary, name);
  const { id, slot, pid } = JSON.parse(readFileSync(join(directory, "supervisor.json"), "utf8"));
  return { id, directory, slot, supervisor: pid };
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory).toSorted();
  } catch {
    return [];
  }
}

/**
 * Ports of a lab's slot that somebody listens at, as `address:port`. With `own` those do not count that belong to another lab or its harness: it
 * may have claimed the slot since.
 */
export function boundPorts(slot: number, own?: readonly ProcessRow[]): readonly string[] {
  const prefixes = [backboneAddresses(slot).dns, ...places.map((place) => regionAddresses(slot, place).aws)].map(
    ({ host }) => `${host.split(".").slice(0, 2).join(".")}.`,
  );
  const listening = "0A";
  const others = own === undefined ? new Set<string>() : socketsOfOthers(own);
  return readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const columns = line.trim().split(/\s+/);
      const [, local = "", , state] = columns;
      const [address = "", port = ""] = local.split(":");
      const host = (address.match(/../g) ?? [])
        .toReversed()
        .map((byte) => Number.parseInt(byte, 16))
        .join(".");
      const isOurs = state === listening && prefixes.some((prefix) => host.startsWith(prefix));
      return isOurs && !others.has(columns[9] ?? "") ? [`${host}:${Number.parseInt(port, 16)}`] : [];
    });
}

/** Inodes of the sockets of labs and of commands in any place, but for these processes. */
function socketsOfOthers(own: readonly ProcessRow[]): ReadonlySet<string> {
  const ownPids = new Set(own.map(({ pid }) => pid));
  const others = [...labelled(labIdVariable), ...labelled(placeVariable)].filter(({ pid }) => !ownPids.has(pid));
  return new Set(
    others.flatMap(({ pid }) =>
      list(`/proc/${pid}/fd`).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1] ?? []),
    ),
  );
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ""; // Closed since it was listed.
  }
}

/** What a lab has not left yet: its processes (frozen ones say T), its directory, its ports. Empty when all is gone. */
export function leftOf(place: Place, lab: LabSeen): readonly string[] {
  const processes = [...place.processes(), ...processesOf(lab)];
  return [
    ...processes.map(({ pid, state }) => `process ${pid} ${state}`),
    ...place.labs(),
    ...boundPorts(lab.slot, processes),
  ];
}
