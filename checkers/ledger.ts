import type { CheckContext, History, Millis } from "../harness/types.ts";
import type { Interval } from "./interval.ts";
import type { Outage } from "./outage.ts";
import { appends, ledgerReads, succeeded } from "./vocabulary.ts";

/** A marker that was acknowledged, with the times of its append. */
export interface Acked {
  readonly region: string;
  readonly deployment: string;
  readonly seq: number;
  readonly sentAt: Millis;
  readonly ackedAt: Millis;
  readonly index: number;
}

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
  /** Fault time minus the acknowledgement of the newest marker with no earlier loss. Undefined: none was at risk. */
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
export function ledgerOf(history: History, outage: Outage, context: CheckContext): Ledger | undefined {
  const { lost: lostRegion, survivor } = context.regions;
  const reads = succeeded(ledgerReads(history)).filter(
    ({ asked, began }) => asked.region === survivor && began > outage.from.low,
  );
  const read = reads.findLast(({ began }) => began <= outage.until) ?? reads.at(-1);
  if (read === undefined) return undefined;

  const present = new Map(
    read.seen.rows.map(([deployment, seq, region, copies]) => [key({ region, deployment, seq }), copies]),
  );
  const counts: Counts = {
    kept: 0,
    lost: 0,
    lostBySurvivor: 0,
    never: 0,
    indeterminatePresent: 0,
    indeterminateAbsent: 0,
    duplicated: read.seen.rows.filter(([, , , copies]) => copies > 1).length,
    resurrected: 0,
    outOfOrder: 0,
    unread: 0,
    foreign: 0,
  };
  const kept: Acked[] = [];
  const lost: Acked[] = [];
  const known = new Set<string>();
  for (const { invocation, completion } of appends(history)) {
    if (invocation.value === undefined) throw new Error(`append ${invocation.index} does not say what it wrote`);
    const { region, deployment, seq } = invocation.value;
    const name = key(invocation.value);
    known.add(name);
    // A planned move answers for what the region that it left had acknowledged, and for what came after.
    if (outage.planned && region !== lostRegion && invocation.time < outage.from.low) continue;
    const isThere = present.has(name);
    if (completion?.type === "ok") {
      const marker = {
        region,
        deployment,
        seq,
        sentAt: invocation.time,
        ackedAt: completion.time,
        index: completion.index,
      };
      if (isThere) kept.push(marker);
      else if (completion.time > read.began) counts.unread += 1;
      else lost.push(marker);
    } else if (completion?.type === "fail") counts[isThere ? "resurrected" : "never"] += 1;
    else counts[isThere ? "indeterminatePresent" : "indeterminateAbsent"] += 1;
  }
  counts.kept = kept.length;
  counts.lost = lost.length;
  counts.lostBySurvivor = lost.filter(({ region }) => region === survivor).length;
  counts.outOfOrder = outOfOrder(kept, lost);
  counts.foreign = [...present.keys()].filter((name) => !known.has(name)).length;

  const atRisk = (markers: readonly Acked[]) =>
    Map.groupBy(
      markers.filter(({ region }) => region === lostRegion),
      ({ deployment }) => deployment,
    );
  const [keptBy, lostBy] = [atRisk(kept), atRisk(lost)];
  return {
    counts,
    deployments: context.deployments.map((name) => loss(name, keptBy.get(name) ?? [], lostBy.get(name) ?? [], outage)),
    lost,
    readIndex: read.index,
    readAt: read.began,
  };
}

const key = ({ region, deployment, seq }: { region: string; deployment: string; seq: number }): string =>
  `${region} ${deployment} ${seq}`;

function loss(name: string, kept: readonly Acked[], lost: readonly Acked[], { from }: Outage): DeploymentLoss {
  const atRisk = kept.length + lost.length;
  if (atRisk === 0) return { name, atRisk, lost: 0 };
  const firstLost = lost.reduce<Acked | undefined>(
    (first, one) => (first && first.ackedAt <= one.ackedAt ? first : one),
    undefined,
  );
  const newestKept = kept.reduce<Acked | undefined>(
    (newest, one) =>
      (firstLost && one.ackedAt > firstLost.ackedAt) || (newest && newest.ackedAt >= one.ackedAt) ? newest : one,
    undefined,
  );
  const rpoMs = {
    low: firstLost === undefined ? 0 : Math.max(0, from.low - firstLost.ackedAt),
    high: newestKept === undefined ? null : Math.max(0, from.high - newestKept.ackedAt),
  };
  return { name, atRisk, lost: lost.length, rpoMs, ...(newestKept && { newestKept }), ...(firstLost && { firstLost }) };
}

function outOfOrder(kept: readonly Acked[], lost: readonly Acked[]): number {
  const firstLoss = new Map<string, Millis>();
  for (const { region, deployment, ackedAt } of lost) {
    const writer = `${region} ${deployment}`;
    firstLoss.set(writer, Math.min(ackedAt, firstLoss.get(writer) ?? ackedAt));
  }
  return kept.filter(
    ({ region, deployment, sentAt }) => sentAt > (firstLoss.get(`${region} ${deployment}`) ?? Number.POSITIVE_INFINITY),
  ).length;
}
