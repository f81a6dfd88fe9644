import type { CheckContext, History, Millis, Pair } from "../harness/types.ts";
import type { Interval } from "./interval.ts";
import type { Outage } from "./outage.ts";
import { type DepositsRead, depositReads, type Goods, puts, removals, succeeded } from "./vocabulary.ts";

/** An acknowledged put, or an acknowledged removal. */
export interface Deposit {
  readonly act: "put" | "remove";
  readonly region: string;
  readonly key: string;
  readonly ackedAt: Millis;
  readonly index: number;
}

export interface Lost extends Deposit {
  readonly late: boolean;
  /** Not late, and removed after the stock was taken. */
  readonly removedSince?: true;
  readonly missing?: string;
}

/** What became of all that was put, counted by key. */
export interface DepositCounts {
  kept: number;
  /** Acknowledged, and not in the survivor when its stock was taken. A lost removal is one, too. */
  lost: number;
  /** Of those lost, what arrived in the survivor later. */
  late: number;
  /** Of those lost, removed after the stock was taken: nobody can say any more whether they would have come. */
  removedSince: number;
  /** Of those lost, acknowledged by the survivor itself. */
  lostBySurvivor: number;
  /** Of those lost, there in part. */
  partial: number;
  /** Removed and acknowledged, and there again. */
  resurrected: number;
  /** There, with another content. */
  corrupt: number;
  /** Without an answer, or removed while the stock was taken: counted neither as kept nor as lost. */
  indeterminate: number;
  /** Refused, and absent as it should be. */
  never: number;
  /** Refused, and there all the same. */
  refusedAndThere: number;
  /** Acknowledged after the stock was taken, so nothing can be said. */
  unread: number;
}

export interface Deposits {
  readonly counts: Readonly<DepositCounts>;
  readonly lost: readonly Lost[];
  readonly resurrected: readonly string[];
  readonly corrupt: readonly { readonly key: string; readonly region: string; readonly digest: string }[];
  /** Fault time minus the acknowledgement of what was newest and had nothing lost before it. Undefined: nothing was at risk. */
  readonly rpoMs?: Interval;
  /** What was acknowledged in the lost region between these is at risk of being lost. */
  readonly window?: { readonly low: Millis; readonly high: Millis };
  readonly newestKept?: Deposit;
  readonly firstLost?: Deposit;
  readonly readIndex: number;
  readonly readAt: Millis;
}

interface Reading {
  readonly region: string;
  readonly began: Millis;
  readonly ended: Millis;
  readonly index: number;
  readonly items: ReadonlyMap<string, readonly string[]>;
  readonly partial: ReadonlyMap<string, string>;
}

/** The reading that a drill or an outage is judged by: the last of the survivor before the outage is over, or else the first after it. */
export function stockOf<T extends { readonly region: string; readonly began: Millis }>(
  readings: readonly T[],
  { from, until }: Outage,
  { regions }: Pick<CheckContext, "regions">,
): T | undefined {
  const of = readings.filter(({ region, began }) => region === regions.survivor && began > from.low);
  return of.findLast(({ began }) => began <= until) ?? of[0];
}

/** Compares what was put into a store with what the survivor held at its stock, and with what each region held later. Undefined when no stock was taken. */
export function depositsOf(
  history: History,
  goods: Goods,
  outage: Outage,
  context: CheckContext,
): Deposits | undefined {
  const readings = succeeded(depositReads(history, goods))
    .map(readingOf)
    .filter(({ began }) => began > outage.from.low);
  const stock = stockOf(readings, outage, context);
  if (stock === undefined) return undefined;
  const later = readings.filter(({ began }) => began > stock.began);
  const laterHere = later.filter(({ region }) => region === stock.region);
  const { lost: lostRegion, survivor } = context.regions;
  const asked = removals(history, goods).filter(({ completion }) => completion?.type !== "fail");
  const keyed = (pairs: typeof asked) => new Map(pairs.map((pair) => [pair.invocation.value?.key ?? "", pair]));
  // What is removed while the stock is taken may be gone before it is listed.
  const removed = keyed(asked.filter(({ invocation }) => invocation.time < stock.ended));
  const removedSince = keyed(asked.filter(({ invocation }) => invocation.time >= stock.ended));

  const counts = { ...none };
  const kept: Deposit[] = [];
  const lost: Lost[] = [];
  const digests = new Map<string, readonly string[]>();
  for (const pair of puts(history, goods)) {
    const { invocation, completion } = pair;
    if (invocation.value === undefined) throw new Error(`put ${invocation.index} does not say what it put`);
    const { key, region } = invocation.value;
    digests.set(key, invocation.value.digests);
    // A planned move answers for what the region that it left had acknowledged, and for what came after.
    if (outage.planned && region !== lostRegion && invocation.time < outage.from.low) continue;
    const isThere = stock.items.has(key);
    const removal = removed.get(key);
    if (removal !== undefined) {
      const gone = acknowledged("remove", removal);
      if (gone === undefined || gone.ackedAt > stock.began) counts.indeterminate += 1;
      else if (!isThere) kept.push(gone);
      else if (gone.region !== survivor)
        lost.push({ ...gone, late: laterHere.some(({ items }) => !items.has(key)), missing: "its removal" });
      continue;
    }
    const put = acknowledged("put", pair);
    if (put === undefined && completion?.type === "fail") counts[isThere ? "refusedAndThere" : "never"] += 1;
    else if (put === undefined) counts.indeterminate += 1;
    else if (isThere) kept.push(put);
    else if (put.ackedAt > stock.began) counts.unread += 1;
    else {
      const missing = stock.partial.get(key);
      const late = laterHere.some(({ items }) => items.has(key));
      lost.push({
        ...put,
        late,
        ...(missing !== undefined && { missing }),
        ...(!late && removedSince.has(key) && { removedSince: true }),
      });
    }
  }

  const corrupt = readings.flatMap(({ region, items }) =>
    [...items].flatMap(([key, seen]) =>
      seen.filter((digest) => digests.get(key)?.includes(digest) === false).map((digest) => ({ key, region, digest })),
    ),
  );
  const back = resurrectedIn(history, goods, readings);
  Object.assign(counts, {
    kept: kept.length,
    lost: lost.length,
    late: lost.filter(({ late }) => late).length,
    removedSince: lost.filter((one) => one.removedSince).length,
    lostBySurvivor: lost.filter(({ region }) => region === survivor).length,
    partial: lost.filter(({ act, missing }) => act === "put" && missing !== undefined).length,
    resurrected: back.length,
    corrupt: new Set(corrupt.map(({ key }) => key)).size,
  });
  const atRisk = (all: readonly Deposit[]): readonly Deposit[] => all.filter(({ region }) => region === lostRegion);
  return {
    counts,
    lost,
    resurrected: back,
    corrupt,
    ...lossOf(atRisk(kept), atRisk(lost), outage),
    readIndex: stock.index,
    readAt: stock.began,
  };
}

const none: DepositCounts = {
  kept: 0,
  lost: 0,
  late: 0,
  removedSince: 0,
  lostBySurvivor: 0,
  partial: 0,
  resurrected: 0,
  corrupt: 0,
  indeterminate: 0,
  never: 0,
  refusedAndThere: 0,
  unread: 0,
};

function readingOf(read: {
  asked: { region: string };
  seen: DepositsRead;
  began: Millis;
  ended: Millis;
  index: number;
}): Reading {
  const items = new Map<string, string[]>();
  for (const [key, digest] of read.seen.items) items.set(key, [...(items.get(key) ?? []), digest]);
  const { began, ended, index } = read;
  return { region: read.asked.region, began, ended, index, items, partial: new Map(read.seen.partial) };
}

function acknowledged(
  act: Deposit["act"],
  { invocation, completion }: Pair<{ region: string; key: string }>,
): Deposit | undefined {
  if (completion?.type !== "ok" || invocation.value === undefined) return undefined;
  const { region, key } = invocation.value;
  return { act, region, key, ackedAt: completion.time, index: completion.index };
}

/** Keys that a region has although it acknowledged their removal itself, or had been seen without them after it. */
function resurrectedIn(history: History, goods: Goods, readings: readonly Reading[]): string[] {
  return removals(history, goods).flatMap((pair) => {
    const removal = acknowledged("remove", pair);
    if (removal === undefined) return [];
    const { key, region, ackedAt } = removal;
    const after = readings.filter(({ began }) => began > ackedAt);
    const isBack = after.some(
      (reading, n) =>
        reading.items.has(key) &&
        (reading.region === region ||
          after.slice(0, n).some((earlier) => earlier.region === reading.region && !earlier.items.has(key))),
    );
    return isBack ? [key] : [];
  });
}

function lossOf(
  kept: readonly Deposit[],
  lost: readonly Deposit[],
  { from }: Outage,
): Pick<Deposits, "rpoMs" | "window" | "newestKept" | "firstLost"> {
  if (kept.length + lost.length === 0) return {};
  const byTime = (a: Deposit, b: Deposit): number => a.ackedAt - b.ackedAt;
  const firstLost = [...lost].sort(byTime)[0];
  const newestKept = kept
    .filter(({ ackedAt }) => firstLost === undefined || ackedAt <= firstLost.ackedAt)
    .sort(byTime)
    .at(-1);
  return {
    rpoMs: {
      low: firstLost === undefined ? 0 : Math.max(0, from.low - firstLost.ackedAt),
      high: newestKept === undefined ? null : Math.max(0, from.high - newestKept.ackedAt),
    },
    window: { low: newestKept?.ackedAt ?? 0, high: from.high },
    ...(newestKept && { newestKept }),
    ...(firstLost && { firstLost }),
  };
}
