import type { Millis } from "../../harness/types.ts";
import type { Ended } from "./seen.ts";
import type { Report } from "./source.ts";

/** A recorder writes its lines a moment later than a name server. */
const waitForMs = 3_000;
const sameWithinMs = 1_000;

/** Tells of look-ups that a name server saw and no recorder did. */
export interface Unrecorded {
  /** What a recorder saw. */
  recorded(ended: Ended): void;
  /** What the name server saw, on the run's clock. */
  reported(report: Report, at: Millis): void;
  /** What nobody recorded, of all that is old enough by now. */
  until(now: Millis): readonly Ended[];
}

export function unrecorded(): Unrecorded {
  const lookups = new Map<string, Millis[]>();
  let waiting: { readonly report: Report; readonly at: Millis }[] = [];
  return {
    recorded({ seen, began }) {
      if (seen.via !== "dns" || seen.host === undefined) return;
      const times = lookups.get(seen.host) ?? [];
      lookups.set(seen.host, times);
      times.push(began);
      // Only the latest can be the same.
      if (times.length > 200) times.splice(0, 100);
    },
    reported: (report, at) => void waiting.push({ report, at }),
    until(now) {
      const old = waiting.filter(({ at }) => now - at >= waitForMs);
      waiting = waiting.filter(({ at }) => now - at < waitForMs);
      return old.flatMap(({ report, at }) => {
        const { seen, end, error } = report;
        const times = lookups.get(seen.host ?? "") ?? [];
        if (times.some((time) => Math.abs(time - at) <= sameWithinMs)) return [];
        const told = { seen: { ...seen, pid: 0 }, began: at, ended: at, tookMs: 0, end };
        return [error === undefined ? told : { ...told, error }];
      });
    },
  };
}
