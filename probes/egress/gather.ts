import type { Attempt } from "../../harness/egress.ts";
import type { Millis, Observation } from "../../harness/types.ts";
import type { Ended } from "./seen.ts";

export interface GatherOptions {
  /** For how long alike ones are put together; nothing for those that are told one by one. */
  readonly togetherForMs: (ended: Ended) => Millis | undefined;
  readonly tell: (observation: Observation) => void;
}

/** Puts many alike together, so that the history does not drown in what is of no interest. */
export interface Gathering {
  add(ended: Ended): void;
  /** Tells what has been put together for long enough by now. */
  tellUntil(now: Millis): void;
}

export function gather({ togetherForMs, tell }: GatherOptions): Gathering {
  const together = new Map<string, Ended & { readonly until: Millis }>();
  return {
    add(one) {
      const forMs = togetherForMs(one);
      if (forMs === undefined) {
        tell(observed(one));
        return;
      }
      const seen = inGeneral(one.seen);
      const key = JSON.stringify([seen, one.end, one.status, one.error]);
      const known = together.get(key);
      if (known === undefined) {
        together.set(key, { ...one, seen, until: one.ended + forMs });
        return;
      }
      together.set(key, {
        ...known,
        began: Math.min(known.began, one.began),
        ended: Math.max(known.ended, one.ended),
        tookMs: Math.max(known.tookMs, one.tookMs),
        count: (known.count ?? 1) + (one.count ?? 1),
      });
    },
    tellUntil(now) {
      for (const [key, one] of together) {
        if (one.until > now) continue;
        together.delete(key);
        tell(observed(one));
      }
    },
  };
}

/** Which part of a process it was, and which of its tries, is not told; a proxy's clients are programs of their own. */
function inGeneral({ within, attempt, ...seen }: Attempt): Attempt {
  return seen.via === "proxy" && within !== undefined ? { ...seen, within } : seen;
}

const observed = ({ seen, began, ended, end, error, status, count, tookMs }: Ended): Observation => ({
  process: "probe/egress",
  f: "attempt",
  value: count === undefined ? seen : { ...seen, count },
  began,
  ended,
  type: end,
  result: { tookMs: Math.round(tookMs * 10) / 10, ...(status === undefined ? {} : { status }) },
  ...(error === undefined ? {} : { error }),
});
