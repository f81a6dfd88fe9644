import { mkdirSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { isMainThread, threadId } from "node:worker_threads";
import { createAttempts, monotonicMs } from "./attempts.ts";
import { openLineFile } from "./file.ts";
import { helloOf } from "./hello.ts";
import { watchLoading } from "./loading.ts";
import { watchLookups } from "./lookups.ts";
import { watchRequests } from "./requests.ts";
import { watchSdk } from "./sdk.ts";
import { watchSockets } from "./sockets.ts";

export interface RecorderOptions {
  /** Who this process is, for example `control-plane` or `us-west-2/node-1`. */
  readonly label: string;
  /** Each process has a file of its own in it. */
  readonly directory: string;
  /** Any class of each copy of the SDK that is loaded already. Without them clients are found as their code is loaded. */
  readonly clients?: readonly unknown[];
}

/** What the recorder offers to whoever runs several programs in one process. */
export interface RecorderDoor {
  readonly label: string;
  /** Does the work in the name of a part of the process: whatever it attempts, also later, is told with it. */
  as<T>(name: string, work: () => T): T;
  /** Told of each SDK client by its changed code. */
  client(client: unknown): void;
}

const door = Symbol.for("gameday.egress");
const beatEveryMs = 2_000;
/** A socket file that nobody has: trying to reach it goes through all that a real attempt does, and leaves no machine. */
const canary = "/nonexistent/gameday-egress";

/**
 * Records every outgoing attempt of this process in a file of its own, until disposed. Throws when the directory cannot be written, or when
 * this process has a recorder already. Nothing that goes wrong later reaches the program.
 */
export async function startRecorder({ label, directory, clients }: RecorderOptions): Promise<Disposable> {
  if (currentDoor() !== undefined) throw new Error(`this process is recorded already, as ${currentDoor()?.label}`);
  mkdirSync(directory, { recursive: true });
  // Node loads what is to be imported first into each of its threads.
  const thread = isMainThread ? "" : `-${threadId}`;
  const name = `${label.replaceAll(/[^\w.-]+/g, "_")}-${process.pid}${thread}.ndjson`;
  const file = openLineFile(join(directory, name));
  const attempts = createAttempts(file.write);
  const sdk = watchSdk(attempts);
  const offered: RecorderDoor = { label, as: attempts.as, client: sdk.watch };
  Reflect.set(globalThis, door, offered);
  let canaries = 0;
  const watches = [
    sdk,
    watchSockets(attempts, (path) => path === canary && canaries++),
    watchLookups(attempts),
    watchRequests(attempts),
  ];
  for (const one of clients ?? []) sdk.watchClass(one);
  const loading = clients === undefined ? await watchLoading('globalThis[Symbol.for("gameday.egress")]?.client') : null;
  if (loading) watches.push(loading);
  file.write(helloOf(label, loading === null ? "named" : loading === undefined ? "signatures" : "loaded"));
  const beat = (): void => {
    attempts.tell();
    const before = canaries;
    new Socket()
      .on("error", () => undefined)
      .connect(canary)
      .unref();
    if (canaries > before) file.write({ beat: monotonicMs(), ...attempts.counts });
  };
  const leave = (): void => {
    attempts.tell();
    file.flush();
  };
  beat();
  const timer = setInterval(beat, beatEveryMs).unref();
  process.on("exit", leave);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      process.off("exit", leave);
      for (const one of watches) one[Symbol.dispose]();
      Reflect.deleteProperty(globalThis, door);
      attempts.tell();
      file[Symbol.dispose]();
    },
  };
}

/** Whether this process has a recorder. */
export const isRecorded = (): boolean => currentDoor() !== undefined;

const currentDoor = (): RecorderDoor | undefined => Reflect.get(globalThis, door);
