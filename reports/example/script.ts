import type { Completion, History, Millis, Op, Process } from "../../harness/types.ts";
import { historyOf } from "../../history/history-of.ts";

/** One deed of an example run, both ends of it. Without `ended` it never completed. */
export interface ScriptedDeed {
  readonly process: Process;
  readonly f: string;
  readonly value?: unknown;
  readonly began: Millis;
  readonly ended?: Millis;
  readonly type?: Completion["type"];
  readonly result?: unknown;
  readonly error?: string;
}

/** Puts deeds in the order in which a journal would have met their ends. */
export function historyFrom(deeds: readonly ScriptedDeed[]): History {
  const ends = deeds
    .flatMap((deed, n) => [
      { n, at: deed.began, last: false },
      ...(deed.ended === undefined ? [] : [{ n, at: deed.ended, last: true }]),
    ])
    .sort((a, b) => a.at - b.at || Number(a.last) - Number(b.last) || a.n - b.n);
  const begunAt = new Map<number, number>();
  return historyOf(
    ends.map(({ n, at, last }, index): Op => {
      const deed = deeds[n];
      if (deed === undefined) throw new RangeError(`no deed ${n}`);
      const { process, f } = deed;
      if (!last) {
        begunAt.set(n, index);
        return {
          type: "invoke",
          index,
          time: at,
          process,
          f,
          ...(deed.value === undefined ? {} : { value: deed.value }),
        };
      }
      return {
        type: deed.type ?? "ok",
        invoke: begunAt.get(n) ?? -1,
        index,
        time: at,
        process,
        f,
        ...(deed.result === undefined ? {} : { value: deed.result }),
        ...(deed.error === undefined ? {} : { error: deed.error }),
      };
    }),
  );
}
