import type { Op } from "../../harness/types.ts";
import { type HistoryInMemory, historyOf } from "../../history/history-of.ts";
import { type Did, ending } from "../../history/literal.ts";

/** A history of deeds in the order in which a journal would have met their ends: by time, as far as times tell. */
export function historyInOrder(deeds: readonly Did[]): HistoryInMemory {
  const ends = deeds
    .flatMap((deed) => [
      { deed, at: deed.began, last: false },
      ...(deed.ended === undefined ? [] : [{ deed, at: deed.ended, last: true }]),
    ])
    .sort((a, b) => a.at - b.at || Number(a.last) - Number(b.last));
  const begunAt = new Map<Did, number>();
  return historyOf(
    ends.map(({ deed, at, last }, index): Op => {
      const { process, f, value, end } = deed;
      const invoke = begunAt.get(deed);
      if (last && invoke !== undefined) return ending(end, { invoke, index, time: at, process, f });
      begunAt.set(deed, index);
      return { type: "invoke", index, time: at, process, f, ...(value === undefined ? {} : { value }) };
    }),
  );
}
