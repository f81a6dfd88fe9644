import { hostname } from "node:os";
import type { Attempt } from "../../harness/egress.ts";
import type { Clock, Millis } from "../../harness/types.ts";
import type { Place } from "./code.ts";
import type { Followed } from "./follow.ts";
import type { AttemptLine, HelloLine, OpenLine } from "./recorder/lines.ts";
import type { Ended } from "./seen.ts";

/** What the recorders' lines tell, on the run's clock and with the places in the code. */
export interface Heard {
  attempt(ended: Ended): void;
  beat(by: string, pid: number, at: Millis, counts: { readonly seen: number; readonly dropped: number }): void;
  /** Not a line of a recorder. */
  rubbish(file: string): void;
}

export interface Processes {
  hear(followed: readonly Followed[]): void;
  /** Tells as without an end what has not ended by now. */
  end(now: Millis): void;
}

interface Known {
  readonly hello: HelloLine["hello"];
  readonly places: Map<number, Place>;
  readonly open: Map<number, OpenLine>;
}

/** Knows each recorded process by its file. */
export function knownProcesses(clock: Clock, placeOf: (frames: readonly string[]) => Place, heard: Heard): Processes {
  const known = new Map<string, Known>();
  /** CLOCK_MONOTONIC at the run's zero. */
  const originMs = Number(process.hrtime.bigint()) / 1e6 - clock.now();
  const here = hostname();

  /** A recorder on another machine has another monotonic clock: wall time leads from there to here. */
  const onRunClock = ({ machine, wallMs, monotonicMs }: HelloLine["hello"], atMs: number): Millis =>
    machine === here ? atMs - originMs : wallMs + (atMs - monotonicMs) - clock.wallOriginMs;

  function seenBy({ hello, places }: Known, line: AttemptLine | OpenLine): Attempt {
    const { via, host, address, port, service, operation, signedRegion, attempt, within, at } = line;
    const given = { within, host, address, port, service, operation, signedRegion, attempt };
    return {
      by: hello.label,
      pid: hello.pid,
      via,
      ...defined(given),
      ...(at === undefined ? {} : places.get(at)),
    };
  }

  function hearLine(file: string, one: Known, line: Exclude<Followed["line"], HelloLine | undefined>): void {
    const { hello, places, open } = one;
    if ("frames" in line) places.set(line.stack, placeOf(line.frames));
    else if ("open" in line) open.set(line.open, line);
    else if ("beat" in line) heard.beat(hello.label, hello.pid, onRunClock(hello, line.beat), line);
    else if ("tookMs" in line) {
      open.delete(line.id);
      const began = onRunClock(hello, line.began);
      heard.attempt({
        seen: seenBy(one, line),
        began,
        ended: began + line.tookMs,
        tookMs: line.tookMs,
        end: line.end,
        ...defined({ error: line.error, status: line.status, count: line.count }),
      });
    } else heard.rubbish(file);
  }

  return {
    hear(followed) {
      for (const { file, line } of followed) {
        const one = known.get(file);
        // A process number may come again: its file then begins anew.
        if (line !== undefined && "hello" in line)
          known.set(file, { hello: line.hello, places: new Map(), open: new Map() });
        else if (line === undefined || one === undefined) heard.rubbish(file);
        else hearLine(file, one, line);
      }
    },
    end(now) {
      for (const one of known.values())
        for (const line of one.open.values()) {
          const began = onRunClock(one.hello, line.began);
          const error = "not ended when the run was over";
          heard.attempt({ seen: seenBy(one, line), began, ended: now, tookMs: now - began, end: "info", error });
        }
    },
  };
}

/** Without the keys that have no value. */
function defined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
