import { AsyncLocalStorage } from "node:async_hooks";
import { mapped, ownFrames } from "./frames.ts";
import type { AttemptLine, Destination, Line, Via } from "./lines.ts";

/** What is known of the work that an attempt belongs to, carried along asynchronous calls. */
interface Carried {
  /** Number of the stack of the program's own call, where that would be lost on the way. */
  readonly at?: number | undefined;
  /** The attempt that whatever happens now is a part of: it is told once, not once per layer. */
  readonly part?: Open | undefined;
  readonly within?: string | undefined;
}

interface Open {
  readonly via: Via;
  readonly at: number | undefined;
  readonly within: string | undefined;
  readonly began: number;
  destination: Destination;
  told: boolean;
}

/** One attempt under way. */
export interface Attempt {
  /** Adds what becomes known on the way. */
  learn(more: Destination): void;
  end(end: AttemptLine["end"], error?: unknown): void;
  /** Does what the attempt consists of: sockets and look-ups within it are not told again. */
  during<T>(work: () => T): T;
}

/** All attempts of this process. */
export interface Attempts {
  /**
   * `above` is the function of the recorder that the program, or Node for it, has called. Of a part of another attempt only the address is
   * kept, with the whole. Undefined when too many are open.
   */
  begin(via: Via, destination: Destination, above?: unknown): Attempt | undefined;
  /** Does the work with this moment's stack for all that it attempts. */
  fromHere<T>(work: () => T, above?: unknown): T;
  /** Does the work in the name of a part of the process. */
  as<T>(name: string, work: () => T): T;
  /** Tells the attempts that have been open for long, and those of the last second that were only counted. */
  tell(): void;
  readonly counts: { readonly seen: number; readonly dropped: number };
}

const openAtMost = 10_000;
const stacksAtMost = 5_000;
/** Alike within one second; what is beyond is counted. */
const toldEach = 5;

const storage = new AsyncLocalStorage<Carried>();
const offsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
export const monotonicMs = (): number => round(performance.now() + offsetMs);
const round = (ms: number): number => Math.round(ms * 100) / 100;

export function createAttempts(write: (line: Line) => void, { openIsLongMs = 2_000 } = {}): Attempts {
  const stacks = new Map<string, number>();
  const open = new Map<number, Open>();
  const alike = new Map<string, { told: number; line: AttemptLine; more: number }>();
  const counts = { seen: 0, dropped: 0 };
  let next = 0;

  function stackBeyond(above: unknown): number | undefined {
    const frames = ownFrames(above);
    if (frames === "") return undefined;
    const known = stacks.get(frames);
    if (known !== undefined) return known;
    if (stacks.size >= stacksAtMost) return undefined;
    const number = stacks.size;
    stacks.set(frames, number);
    write({ stack: number, frames: mapped(frames) });
    return number;
  }

  function tellEnded(line: AttemptLine): void {
    const key = `${line.via} ${line.host} ${line.port} ${line.service} ${line.operation} ${line.at} ${line.within} ${line.end}`;
    const known = alike.get(key) ?? { told: 0, line, more: 0 };
    alike.set(key, known);
    if (known.told < toldEach) {
      known.told += 1;
      write(line);
      return;
    }
    known.line = known.more === 0 ? line : { ...known.line, tookMs: Math.max(known.line.tookMs, line.tookMs) };
    known.more += 1;
  }

  function attemptOf(id: number, one: Open): Attempt {
    return {
      learn(more) {
        one.destination = { ...one.destination, ...more };
      },
      end(end, error) {
        if (!open.delete(id)) return;
        const tookMs = round(monotonicMs() - one.began);
        const line: AttemptLine = { id, ...inShort(one), tookMs, end, ...(error === undefined ? {} : said(error)) };
        if (one.told) write(line);
        else tellEnded(line);
      },
      during: (work) => storage.run({ ...storage.getStore(), at: one.at, part: one }, work),
    };
  }

  return {
    counts,
    begin(via, destination, above) {
      const carried = storage.getStore();
      if (carried?.part !== undefined) return partOf(carried.part);
      counts.seen += 1;
      if (open.size >= openAtMost) {
        counts.dropped += 1;
        return undefined;
      }
      const id = next++;
      const at = carried?.at ?? stackBeyond(above);
      const one: Open = { via, destination, at, within: carried?.within, began: monotonicMs(), told: false };
      open.set(id, one);
      return attemptOf(id, one);
    },
    fromHere: (work, above) => storage.run({ ...storage.getStore(), at: stackBeyond(above) }, work),
    as: (name, work) => storage.run({ ...storage.getStore(), within: name }, work),
    tell() {
      for (const { line, more } of alike.values()) if (more > 0) write(more > 1 ? { ...line, count: more } : line);
      alike.clear();
      const now = monotonicMs();
      for (const [id, one] of open) {
        if (one.told || now - one.began < openIsLongMs) continue;
        one.told = true;
        write({ open: id, ...inShort(one) });
      }
    },
  };
}

const partOf = (whole: Open): Attempt => ({
  learn({ address }) {
    if (address !== undefined) whole.destination = { ...whole.destination, address };
  },
  end: () => undefined,
  during: (work) => work(),
});

const inShort = ({ via, at, within, began, destination }: Open) => ({
  via,
  ...(at === undefined ? {} : { at }),
  ...(within === undefined ? {} : { within }),
  began,
  ...destination,
});

function said(error: unknown): { error: string } {
  const { code, name, message } = Object(error);
  const text = typeof code === "string" ? code : name && name !== "Error" ? name : (message ?? error);
  return { error: String(text).slice(0, 120) };
}

const certainly = new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "EHOSTDOWN"],
  ...["ENODATA", "ESERVFAIL", "EREFUSED", "ENOENT", "EACCES", "EPERM", "EADDRNOTAVAIL", "EAI_NONAME"],
]);
/** Whether an error says that the other end was not reached; any other leaves it open. */
export const endOf = (error: unknown): "fail" | "info" => {
  const { code, cause } = Object(error);
  return certainly.has(code) || certainly.has(Object(cause).code) ? "fail" : "info";
};
