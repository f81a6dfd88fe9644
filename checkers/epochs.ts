import type { History, Millis } from "../harness/types.ts";
import { appends, looks } from "./vocabulary.ts";

/** The time in which a region was the writer, by what it acknowledged. */
export interface Epoch {
  readonly epoch: number;
  readonly region: string;
  readonly markers: number;
  /** When its first marker was acknowledged, and that line. */
  readonly begunBy: Millis;
  readonly index: number;
  /** When a later writer is proved to have begun: here this one has to be silent. Undefined: it is the last. */
  readonly over?: Takeover;
}

export interface Takeover {
  readonly region: string;
  readonly at: Millis;
  /** The op that proves it: a witness saw a writer there, or the new writer's first acknowledgement. */
  readonly index: number;
}

/** What the ledger says of writers. */
export interface Epochs {
  /** By number and region; where a copy never heard of an epoch and counted it again, the later is the newer. */
  readonly epochs: readonly Epoch[];
  /** All regions that were tried, whether they ever took a marker or not. */
  readonly tried: ReadonlySet<string>;
}

/** Undefined: the markers carry no epochs. */
export function epochsOf(history: History): Epochs | undefined {
  const found = new Map<string, Begun>();
  const tried = new Set<string>();
  for (const { invocation, completion } of appends(history)) {
    const region = invocation.value?.region;
    if (region === undefined) throw new Error(`append ${invocation.index} does not say what it wrote`);
    tried.add(region);
    if (completion?.type !== "ok") continue;
    const epoch = completion.value?.epoch;
    if (epoch === undefined) return undefined;
    const name = `${epoch} ${region}`;
    const known = found.get(name);
    const { time: begunBy, index } = completion;
    if (known === undefined) found.set(name, { epoch, region, markers: 1, begunBy, index });
    else {
      known.markers += 1;
      if (begunBy < known.begunBy) Object.assign(known, { begunBy, index });
    }
  }
  const begun = [...found.values()].sort((a, b) => a.epoch - b.epoch || a.begunBy - b.begunBy);
  const epochs = begun.map((one) => {
    const over = takeoverOf(history, one, begun);
    return over === undefined ? one : { ...one, over };
  });
  return { epochs, tried };
}

interface Begun extends Omit<Epoch, "over" | "markers"> {
  markers: number;
}

/** The earliest moment at which the next writer is known to be one. Its first acknowledgement proves it; a witness may have seen it before. */
function takeoverOf(history: History, { epoch, region, begunBy }: Begun, all: readonly Begun[]): Takeover | undefined {
  const newer = (other: Begun): boolean =>
    other.region !== region && (other.epoch > epoch || (other.epoch === epoch && other.begunBy > begunBy));
  const [next] = all.filter(newer).sort((a, b) => a.begunBy - b.begunBy);
  if (next === undefined) return undefined;
  let seen: Takeover | undefined;
  for (const { invocation, completion } of looks(history, "writer")) {
    if (invocation.value?.region !== next.region || completion?.type !== "ok") continue;
    if (completion.time > next.begunBy) break;
    if (!completion.value?.done || invocation.time <= begunBy) seen = undefined;
    else seen ??= { region: next.region, at: completion.time, index: completion.index };
  }
  return seen ?? { region: next.region, at: next.begunBy, index: next.index };
}
