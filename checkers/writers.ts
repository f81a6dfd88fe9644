import type { Millis } from "../harness/types.ts";

/** A marker that was acknowledged, with the times of its append. */
export interface Acked {
  readonly region: string;
  readonly deployment: string;
  readonly seq: number;
  readonly sentAt: Millis;
  readonly ackedAt: Millis;
  readonly index: number;
}

/** The markers of one deployment in one region, by their numbers. */
export interface Writer {
  /** Those that the survivor had, and whether they were met in the history. */
  readonly rows: Map<number, "foreign" | "met">;
  met: number;
  readonly kept: Kept;
  readonly lost: Acked[];
}

/** The markers of a writer that were kept, in columns: a long run has millions of them. */
class Kept {
  readonly seqs: number[] = [];
  readonly sentAts: Millis[] = [];
  readonly ackedAts: Millis[] = [];
  readonly indices: number[] = [];

  get length(): number {
    return this.seqs.length;
  }
  add(seq: number, sentAt: Millis, ackedAt: Millis, index: number): void {
    this.seqs.push(seq);
    this.sentAts.push(sentAt);
    this.ackedAts.push(ackedAt);
    this.indices.push(index);
  }
  /** The one that was acknowledged last, of those until then. */
  newestUntil(until: Millis): Omit<Acked, "region" | "deployment"> | undefined {
    let newest = -1;
    for (const [n, ackedAt] of this.ackedAts.entries())
      if (ackedAt <= until && ackedAt > (this.ackedAts[newest] ?? Number.NEGATIVE_INFINITY)) newest = n;
    const [seq, sentAt, ackedAt, index] = [
      this.seqs[newest],
      this.sentAts[newest],
      this.ackedAts[newest],
      this.indices[newest],
    ];
    if (seq === undefined || sentAt === undefined || ackedAt === undefined || index === undefined) return undefined;
    return { seq, sentAt, ackedAt, index };
  }
}

export type WriterOf = ReturnType<typeof writers>;

/** Gives the writer of a deployment in a region, the same each time. */
export function writers() {
  const regions = new Map<string, Map<string, Writer>>();
  const of = (region: string, deployment: string): Writer => {
    const deployments = regions.get(region) ?? new Map<string, Writer>();
    regions.set(region, deployments);
    const writer = deployments.get(deployment) ?? { rows: new Map(), met: 0, kept: new Kept(), lost: [] };
    deployments.set(deployment, writer);
    return writer;
  };
  return Object.assign(of, {
    all: () => [...regions.values()].flatMap((deployments) => [...deployments.values()]),
  });
}
