import { closeSync, fdatasync, openSync } from "node:fs";
import { promisify } from "node:util";
import { DidNotHappen, EnvironmentTrouble, SafetyStop } from "../harness/errors.ts";
import type { Clock, Completion, Deed, Millis, Observation, Op, Recorder } from "../harness/types.ts";
import { lines } from "./line.ts";
import { writeWhole } from "./write-whole.ts";

const syncToDisk = promisify(fdatasync);

/** The write door of a history, as a file of one JSON op per line, chained by hashes; an op's index is its line, from 0. */
export interface Journal extends Recorder, AsyncDisposable {
  readonly file: string;
  /** Lines written so far. */
  readonly ops: number;
}

export interface JournalOptions {
  readonly file: string;
  readonly clock: Clock;
  /** Hears every op in the order of the file. It must not throw. */
  readonly onOp?: (op: Op) => void;
  /** Called once, when the file can no longer be written: the run must stop. */
  readonly onTrouble?: (trouble: SafetyStop) => void;
  /** Writes to the file; tests pass a full disk. */
  readonly write?: (fd: number, text: string) => void;
}

/** Lines of bulk roles wait in memory until this much time has passed, or this many characters have come together. */
const FLUSH_EVERY_MS: Millis = 100;
const FLUSH_AT_CHARACTERS = 256 * 1024;

/** Creates the file, which must not exist yet. Throws `EnvironmentTrouble` when it cannot be made. */
export function openJournal({ file, clock, onOp, onTrouble, write = writeWhole }: JournalOptions): Journal {
  const fd = create(file);
  const lineOf = lines();
  let ops = 0;
  let waiting = "";
  let flushing = false;
  let state: "open" | "broken" | "closed" = "open";

  const broken = (cause: unknown): void => {
    if (state !== "open") return;
    state = "broken";
    waiting = "";
    const why = cause instanceof Error ? cause.message : String(cause);
    onTrouble?.(
      new SafetyStop(`the history ${file} cannot be written any more: ${why}`, {
        hint: "make room on that disk, or choose another output directory, and run again",
        cause,
      }),
    );
  };
  const flush = (): void => {
    if (waiting === "" || state !== "open") return;
    const text = waiting;
    waiting = "";
    try {
      write(fd, text);
    } catch (cause) {
      broken(cause);
    }
  };
  const flushSoon = (): void => {
    if (waiting.length >= FLUSH_AT_CHARACTERS) flush();
    if (waiting === "" || flushing) return;
    flushing = true;
    const end = (): void => {
      flushing = false;
      flush();
    };
    clock.sleep(FLUSH_EVERY_MS).then(end, end);
  };
  const append = <O extends Op>(op: O): O => {
    ops += 1;
    if (state === "open") {
      waiting += lineOf(op);
      flushSoon();
    }
    onOp?.(op);
    return op;
  };
  const settle = async (): Promise<void> => {
    flush();
    if (state === "open") await syncToDisk(fd).catch(broken);
  };

  return {
    file,
    get ops() {
      return ops;
    },
    async record<V>({ process, f, value }: Deed, work: () => Promise<V>): Promise<Completion<V>> {
      const invoke = append({ type: "invoke", index: ops, time: clock.now(), process, f, ...given("value", value) });
      const lasting = changesState(process);
      if (lasting) await settle();
      const end =
        state === "broken" && mustBeKnown(process, f)
          ? { type: "fail" as const, error: "not begun: the history cannot be written" }
          : await outcome(work);
      const completion = append({
        type: end.type,
        invoke: invoke.index,
        index: ops,
        time: clock.now(),
        process,
        f,
        ...given("value", end.value),
        ...given("error", end.error),
      });
      if (lasting) await settle();
      // A completion that is not `ok` carries what was seen instead, which readers must not take for a V.
      return completion as Completion<V>;
    },
    observe({ process, f, value, began, ended, type, result, error }: Observation): void {
      const index = ops;
      append({ type: "invoke", index, time: Math.round(began), process, f, ...given("value", value) });
      const time = Math.round(ended);
      append({
        type,
        invoke: index,
        index: ops,
        time,
        process,
        f,
        ...given("value", result),
        ...given("error", error),
      });
    },
    async [Symbol.asyncDispose]() {
      if (state === "closed") return;
      await settle();
      state = "closed";
      closeSync(fd);
    },
  };
}

const changesState = (process: string): boolean => /^(run|fault|failover)\//.test(process);

/** What must not begin unrecorded. Healing must go on even then, and so must the phases of play that heal. */
const mustBeKnown = (process: string, f: string): boolean => /^(fault|failover)\//.test(process) && f !== "heal";

interface End {
  readonly type: Completion["type"];
  readonly value?: unknown;
  readonly error?: string;
}

async function outcome(work: () => Promise<unknown>): Promise<End> {
  try {
    return { type: "ok", value: await work() };
  } catch (thrown) {
    if (thrown instanceof DidNotHappen) return { type: "fail", value: thrown.seen, error: inWords(thrown) };
    return { type: "info", error: inWords(thrown) };
  }
}

function inWords(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.message !== "") return thrown.message;
  return "code" in thrown ? String(thrown.code) : thrown.name;
}

const given = <K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: T };

function create(file: string): number {
  try {
    return openSync(file, "wx");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EnvironmentTrouble(`the history ${file} cannot be created: ${why}`, {
      hint: "choose an output directory that exists, is empty and can be written",
      cause,
    });
  }
}
