import { EnvironmentTrouble } from "../../harness/errors.ts";
import type { Millis } from "../../harness/types.ts";
import { type FoundEdge, keyOf } from "./edges.ts";
import { keysOf, type SweepJournal } from "./journal.ts";
import { type Matrix, matrixOf } from "./matrix.ts";
import type { Played } from "./played.ts";
import { opening, progressLine } from "./progress.ts";

export interface SweepOptions {
  readonly journal: SweepJournal;
  /** Plays one failover, with this edge failed or with all of them well. What it throws ends the sweep, which can be gone on with. */
  readonly play: (edge: FoundEdge | undefined) => Promise<Played>;
  readonly now: () => Millis;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Plays all that the journal does not have yet, one after the other. Throws `EnvironmentTrouble` when no failover arrives with every edge well. */
export async function sweep({ journal, play, now, onProgress, signal }: SweepOptions): Promise<Matrix> {
  const { plan, done } = journal;
  const edges = new Map(plan.edges.map((edge) => [keyOf(edge), edge]));
  onProgress(opening(plan, done, journal.broken));
  for (const key of keysOf(plan)) {
    if (done.has(key)) continue;
    signal.throwIfAborted();
    if (edges.has(key)) requireBaseline(journal);
    journal.begin(key);
    const began = now();
    const played = await play(edges.get(key));
    journal.end(key, { played, wallMs: now() - began });
    onProgress(progressLine(plan, done, key));
  }
  return matrixOf(plan, done);
}

function requireBaseline({ plan, done }: SweepJournal): void {
  const plays = keysOf(plan)
    .slice(0, plan.baselines)
    .flatMap((key) => done.get(key)?.played ?? []);
  if (plays.some(({ end }) => end === "arrived")) return;
  const why = plays.map((one) => (one.end === "arrived" ? "" : one.because)).join("; ");
  throw new EnvironmentTrouble(
    `with every edge well no failover arrived, so there is nothing to compare with: ${why}`,
    {
      hint: "give it more time with --within, or remove the sweep's directory and begin anew",
    },
  );
}
