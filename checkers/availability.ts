import type { Completion, History, Invocation, Millis, Timing } from "../harness/types.ts";
import { once } from "./once.ts";
import { type Sample, Samples } from "./samples.ts";
import { type SampleWanted, samples } from "./vocabulary.ts";

/** All looks of one kind and client at one deployment, in the order of their intended times. */
export interface Series extends Omit<SampleWanted, "due"> {
  readonly everyMs: Millis;
  readonly samples: Iterable<Sample>;
}

/** A time in which a series was down. */
export interface Down {
  /** The intended time of its first failure: by definition the beginning. */
  readonly at: Millis;
  /** Between the last success before it and the answer to its first failure. */
  readonly from: { readonly low: Millis; readonly high: Millis };
  /** Between the failure before the first success that came at all, and that success. */
  readonly firstOk?: { readonly low: Millis; readonly high: Millis };
  /** Between the sending of its last failure and the first success of those that made it stable; undefined: it never ended. */
  readonly until?: { readonly low: Millis; readonly high: Millis };
  readonly lastBad: Sample;
  readonly evidence: readonly number[];
}

/** The series of a history, with samples that are missing between the first and last intended times of them all put in as unknown. */
export const seriesOf = (history: History, timing: Timing): readonly Series[] =>
  once(history, `series each ${timing.probeEveryMs} ms`, () => seriesIn(history, timing));

function seriesIn(history: History, timing: Timing): Series[] {
  const byName = new Map<string, { wanted: SampleWanted; taken: Samples }>();
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const { invocation, completion } of samples(history)) {
    const wanted = invocation.value;
    if (wanted === undefined) throw new Error(`sample ${invocation.index} does not say what it looked at`);
    const name = `${wanted.deployment} ${wanted.kind} ${wanted.client}`;
    const known = byName.get(name) ?? { wanted, taken: new Samples() };
    byName.set(name, known);
    [first, last] = [Math.min(first, wanted.due), Math.max(last, wanted.due)];
    const late = invocation.time - wanted.due > timing.probeEveryMs / 2;
    const state = late || completion === undefined ? "unknown" : stateOf[completion.type];
    known.taken.add(sampleOf(wanted.due, state, invocation, completion));
  }
  return [...byName.values()].map(({ wanted: { deployment, kind, client }, taken }) => {
    const everyMs = interval(taken, timing);
    return { deployment, kind, client, everyMs, samples: filled(taken, everyMs, first, last) };
  });
}

function sampleOf(due: Millis, state: Sample["state"], { time, index }: Invocation, end?: Completion): Sample {
  if (end === undefined) return { due, began: time, ended: time, state, index };
  const { time: ended, index: endedBy, error } = end;
  return { due, began: time, ended, state, index: endedBy, ...(error === undefined ? {} : { error }) };
}

const stateOf = { ok: "up", fail: "down", info: "unknown" } as const;

/** Dues are exact multiples of a series' interval, so the smallest step is the interval. */
function interval(taken: Samples, timing: Timing): Millis {
  let smallest = taken.length > 1 ? Number.POSITIVE_INFINITY : timing.probeEveryMs;
  let before: Millis | undefined;
  for (const { due } of taken.byDue()) {
    if (before !== undefined && due > before) smallest = Math.min(smallest, due - before);
    before = due;
  }
  return smallest;
}

function filled(taken: Samples, everyMs: Millis, first: Millis, last: Millis): Samples {
  const all = new Samples();
  const fill = (from: Millis, to: Millis): void => {
    for (let due = from; due < to; due += everyMs) all.add({ due, began: due, ended: due, state: "unknown" });
  };
  let before: Millis | undefined;
  for (const sample of taken.byDue()) {
    // Series are staggered within one interval, so only what is missing beyond that is missing.
    if (before === undefined) fill(sample.due - everyMs * Math.floor((sample.due - first) / everyMs), sample.due);
    else fill(before + everyMs, sample.due - everyMs / 2);
    all.add(sample);
    before = sample.due;
  }
  if (before !== undefined) fill(before + everyMs, last - everyMs / 2);
  return all;
}

/** When a series was down, if every unknown sample had been `unknownIs`. Of the two answers one is a lower and one an upper bound. */
export function downs(taken: Iterable<Sample>, timing: Timing, unknownIs: "up" | "down"): Down[] {
  const found: Down[] = [];
  let lastGood: Sample | undefined;
  let bad: Sample[] = [];
  let good: Sample[] = [];
  let open: Omit<Down, "lastBad" | "until"> | undefined;
  for (const sample of taken) {
    const isUp = (sample.state === "unknown" ? unknownIs : sample.state) === "up";
    if (open === undefined) {
      if (isUp) {
        lastGood = sample;
        bad = [];
        continue;
      }
      bad.push(sample);
      const [start] = bad;
      if (start === undefined || bad.length < timing.downAfter) continue;
      open = { at: start.due, from: { low: lastGood?.began ?? start.due, high: start.ended }, evidence: cited(bad) };
      good = [];
    } else if (isUp) {
      good.push(sample);
      const [start] = good;
      const lastBad = bad.at(-1);
      if (start === undefined || lastBad === undefined) continue;
      open = { ...open, firstOk: open.firstOk ?? { low: lastBad.began, high: sample.ended } };
      if (good.length < timing.upAfter || sample.due - start.due < timing.upSpanMs) continue;
      const until = { low: lastBad.began, high: start.ended };
      found.push({ ...open, until, lastBad, evidence: [...open.evidence, ...cited([lastBad, start])] });
      open = undefined;
      lastGood = sample;
      bad = [];
    } else {
      bad.push(sample);
      good = [];
    }
  }
  const lastBad = bad.at(-1);
  if (open !== undefined && lastBad !== undefined)
    found.push({ ...open, lastBad, evidence: [...open.evidence, ...cited([lastBad])] });
  return found;
}

const cited = (seen: readonly Sample[]): number[] => seen.flatMap(({ index }) => (index === undefined ? [] : [index]));

/** Time in any of several spans, each counted once. */
export function unionMs(spans: readonly { low: Millis; high: Millis }[]): Millis {
  let [total, reached] = [0, Number.NEGATIVE_INFINITY];
  for (const { low, high } of [...spans].sort((a, b) => a.low - b.low)) {
    total += Math.max(0, high - Math.max(low, reached));
    reached = Math.max(reached, high);
  }
  return total;
}
