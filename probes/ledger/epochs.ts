import type { Millis } from "../../harness/types.ts";
import type { Marker, Wanted } from "./tables.ts";

interface Acked extends Marker {
  readonly epoch: number;
  readonly sentAt: Millis;
  readonly ackedAt: Millis;
}

/** What was acknowledged in an old epoch although a newer one had begun when it was sent. */
export interface Epochs {
  acked(marker: Acked): void;
  /** Undefined: nothing was. Otherwise what to look for, one entry for each writer and epoch. */
  contested(): readonly Wanted[];
}

export function keepEpochs(): Epochs {
  const begun = new Map<number, Millis>();
  const contested = new Map<string, Wanted>();
  return {
    acked({ region, epoch, seq, sentAt, ackedAt }) {
      begun.set(epoch, Math.min(ackedAt, begun.get(epoch) ?? ackedAt));
      if (![...begun].some(([other, since]) => other > epoch && since < sentAt)) return;
      const name = `${region} ${epoch}`;
      const { from = seq, to = seq } = contested.get(name) ?? {};
      contested.set(name, { region, epoch, from: Math.min(from, seq), to: Math.max(to, seq) });
    },
    contested: () => [...contested.values()],
  };
}
