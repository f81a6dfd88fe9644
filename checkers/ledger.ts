import type { CheckContext, History, Millis } from "../harness/types.ts";
import type { Interval } from "./interval.ts";
import { once } from "./once.ts";
import type { Outage } from "./outage.ts";
import { appends, ledgerReads, succeeded } from "./vocabulary.ts";
import { type Acked, type Writer, type WriterOf, writers } from "./writers.ts";

/** What became of all markers, counted by identity: a loss and a duplicate never cancel out. */
export interface Counts {
  kept: number;
  /** Acknowledged, and missing in the survivor. */
  lost: number;
  /** Of those lost, acknowledged by the survivor itself. */
  lostBySurvivor: number;
  /** Refused, and absent as it should be. */
  never: number;
  /** Without an answer: counted neither as kept nor as lost. */
  indeterminatePresent: number;
  indeterminateAbsent: number;
  duplicated: number;
  /** Refused, and present all the same. */
  resurrected: number;
  /** Kept, although one that was acknowledged before this one was sent is lost. */
  outOfOrder: number;
  /** Acknowledged after the survivor was read, so nothing can be said. */
  unread: number;
  /** In the survivor, and unknown to the history. */
  foreign: number;
}

/** The loss of one deployment's metadata. */
export interface DeploymentLoss {
  readonly name: string;
  /** Markers acknowledged in the lost region. */
  readonly atRisk: number;
  readonly lost: number;
  /**
   * Fault time minus the acknowledgement of the newest marker with no earlier loss. Where the region went on acknowledging after the fault, its
   * last acknowledgement counts in the place of the fault's time. Undefined: none was at risk.
   */
  readonly rpoMs?: Interval;
  /** The newest marker of the lost region with no earlier loss; all that was committed after it may be gone. */
  readonly newestKept?: Acked;
  readonly firstLost?: Acked;
}

export interface Ledger {
  readonly counts: Readonly<Counts>;
  readonly deployments: readonly DeploymentLoss[];
  readonly lost: readonly Acked[];
  /** The op that read the survivor. */
  readonly readIndex: number;
  readonly readAt: Millis;
}

/** Compares the markers of a history with what the survivor held at the last reading before the heal, or else after it. Undefined when it was never read. */
export const ledgerOf = (history: History, outage: Outage, context: CheckContext): Ledger | undefined =>
  once(history, `ledger ${JSON.stringify([outage, context.regions, context.deployments])}`, () =>
    ledgerIn(history, outage, context),
  );

function ledgerIn(history: History, outage: Outage, context: CheckContext): Ledger | undefined {
  const { lost: lostRegion, survivor } = context.regions;
  const writerOf = writers();
  const read = readBack(history, outage, survivor, writerOf);
  if (read === undefined) return undefined;
  const counts: Counts = {
    kept: 0,
    lost: 0,
    lostBySurvivor: 0,
    never: 0,
    indeterminatePresent: 0,
    indeterminateAbsent: 0,
    duplicated: read.duplicated,
    resurrected: 0,
    outOfOrder: 0,
    unread: 0,
    foreign: 0,
  };
  const lost: Acked[] = [];
  for (const { invocation, completion } of appends(history)) {
    if (invocation.value === undefined) throw new Error(`append ${invocation.index} does not say what it wrote`);
    const { region, deployment, seq } = invocation.value;
    const writer = writerOf(region, deployment);
    const isThere = writer.rows.has(seq);
    if (isThere && writer.rows.get(seq) === "foreign") {
      writer.rows.set(seq, "met");
      writer.met += 1;
    }
    // A planned move answers for what the region that it left had acknowledged, and for what came after.
    if (outage.planned && region !== lostRegion && invocation.time < outage.from.low) continue;
    if (completion?.type === "ok") {
      const { time: ackedAt, index } = completion;
      if (isThere) writer.kept.add(seq, invocation.time, ackedAt, index);
      else if (ackedAt > read.began) counts.unread += 1;
      else {
        const marker = { region, deployment, seq, sentAt: invocation.time, ackedAt, index };
        writer.lost.push(marker);
        lost.push(marker);
      }
    } else if (completion?.type === "fail") counts[isThere ? "resurrected" : "never"] += 1;
    else counts[isThere ? "indeterminatePresent" : "indeterminateAbsent"] += 1;
  }
  for (const writer of writerOf.all()) {
    counts.kept += writer.kept.length;
    counts.outOfOrder += outOfOrder(writer);
    counts.foreign += writer.rows.size - writer.met;
  }
  counts.lost = lost.length;
  counts.lostBySurvivor = lost.filter(({ region }) => region === survivor).length;
  return {
    counts,
    deployments: context.deployments.map((name) => loss(lostRegion, name, writerOf(lostRegion, name), outage)),
    lost,
    readIndex: read.index,
    readAt: read.began,
  };
}

/** Gives each writer what the survivor held of it at the last reading before the heal, or else after it. */
function readBack(
  history: History,
  outage: Outage,
  survivor: string,
  writerOf: WriterOf,
): { index: number; began: Millis; duplicated: number } | undefined {
  const reads = succeeded(ledgerReads(history)).filter(
    ({ asked, began }) => asked.region === survivor && began > outage.from.low,
  );
  const read = reads.findLast(({ began }) => began <= outage.until) ?? reads.at(-1);
  if (read === undefined) return undefined;
  const { index, began, seen } = read;
  for (const [deployment, seq, region] of seen.rows) writerOf(region, deployment).rows.set(seq, "foreign");
  return { index, began, duplicated: seen.rows.filter(([, , , copies]) => copies > 1).length };
}

function loss(region: string, name: string, { kept, lost }: Writer, { from }: Outage): DeploymentLoss {
  const atRisk = kept.length + lost.length;
  if (atRisk === 0) return { name, atRisk, lost: 0 };
  const firstLost = lost.reduce<Acked | undefined>(
    (first, one) => (first && first.ackedAt <= one.ackedAt ? first : one),
    undefined,
  );
  const newest = kept.newestUntil(firstLost?.ackedAt ?? Number.POSITIVE_INFINITY);
  const newestKept = newest && { region, deployment: name, ...newest };
  const lastAcked = lost.reduce(
    (last, { ackedAt }) => Math.max(last, ackedAt),
    kept.newestUntil(Number.POSITIVE_INFINITY)?.ackedAt ?? 0,
  );
  const end = lastAcked > from.high ? { low: lastAcked, high: lastAcked } : from;
  const rpoMs = {
    low: firstLost === undefined ? 0 : Math.max(0, end.low - firstLost.ackedAt),
    high: newestKept === undefined ? null : Math.max(0, end.high - newestKept.ackedAt),
  };
  return { name, atRisk, lost: lost.length, rpoMs, ...(newestKept && { newestKept }), ...(firstLost && { firstLost }) };
}

function outOfOrder({ kept, lost }: Writer): number {
  const firstLoss = lost.reduce((first, { ackedAt }) => Math.min(first, ackedAt), Number.POSITIVE_INFINITY);
  return kept.sentAts.reduce((count, sentAt) => (sentAt > firstLoss ? count + 1 : count), 0);
}
