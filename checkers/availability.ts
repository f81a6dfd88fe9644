import type { Completion, History, Invocation, Millis, Timing } from "../harness/types.ts";
import { once } from "./once.ts";
import { type SampleSeen, type SampleWanted, samples } from "./vocabulary.ts";

/** One intended look at a deployment. Late, unfinished and missing ones are unknown: neither up nor down. */
export interface Sample {
  readonly due: Millis;
  /** For one that was never taken, its intended time. */
  readonly began: Millis;
  readonly ended: Millis;
  readonly state: "up" | "down" | "unknown";
  /** The op that ended it, or began it when none did. Undefined: it was never taken. */
  readonly index?: number;
  readonly ms?: Millis;
  readonly region?: string;
  readonly error?: string;
}

/** All looks of one kind and client at one deployment, in the order of their intended times. */
export interface Series extends Omit<SampleWanted, "due"> {
  readonly everyMs: Millis;
  readonly samples: readonly Sample[];
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
  const byName = new Map<string, { wanted: SampleWanted; taken: Sample[] }>();
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const { invocation, completion } of samples(history)) {
    const wanted = invocation.value;
    if (wanted === undefined) throw new Error(`sample ${invocation.index} does not say what it looked at`);
    const name = `${wanted.deployment} ${wanted.kind} ${wanted.client}`;
    const known = byName.get(name) ?? { wanted, taken: [] };
    byName.set(name, known);
    [first, last] = [Math.min(first, wanted.due), Math.max(last, wanted.due)];
    const late = invocation.time - wanted.due > timing.probeEveryMs / 2;
    const state = late || completion === undefined ? "unknown" : stateOf[completion.type];
    known.taken.push(sampleOf(wanted.due, state, invocation, completion));
  }
  return [...byName.values()].map(({ wanted: { deployment, kind, client }, taken }) => {
    taken.sort((a, b) => a.due - b.due);
    const everyMs = interval(taken, timing);
    return { deployment, kind, client, everyMs, samples: filled(taken, everyMs, first, last) };
  });
}

/** There may be millions of them, so each is made at once with all that it has: what is added to an object later lies outside of it, and takes more. */
function sampleOf(
  due: Millis,
  state: Sample["state"],
  { time, index }: Invocation,
  completion: Completion<SampleSeen> | undefined,
): Sample {
  if (completion === undefined) return { due, began: time, ended: time, state, index };
  const { value, error } = completion;
  const { ms, region } = value ?? {};
  const { time: ended, index: endedBy } = completion;
  if (ms !== undefined && region !== undefined && error === undefined)
    return { due, began: time, ended, state, index: endedBy, ms, region };
  return {
    ...{ due, began: time, ended, state, index: endedBy },
    ...(ms !== undefined && { ms }),
    ...(region !== undefined && { region }),
    ...(error !== undefined && { error }),
  };
}

const stateOf = { ok: "up", fail: "down", info: "unknown" } as const;

/** Dues are exact multiples of a series' interval, so the smallest step is the interval. */
function interval(taken: readonly Sample[], timing: Timing): Millis {
  const steps = taken.slice(1).map(({ due }, n) => due - (taken[n]?.due ?? due));
  return Math.min(
    ...steps.filter((step) => step > 0),
    steps.length === 0 ? timing.probeEveryMs : Number.POSITIVE_INFINITY,
  );
}

function filled(taken: readonly Sample[], everyMs: Millis, first: Millis, last: Millis): Sample[] {
  const all: Sample[] = [];
  const fill = (from: Millis, to: Millis): void => {
    for (let due = from; due < to; due += everyMs) all.push({ due, began: due, ended: due, state: "unknown" });
  };
  // Series are staggered within one interval, so only what is missing beyond that is missing.
  const head = taken[0]?.due ?? first;
  fill(head - everyMs * Math.floor((head - first) / everyMs), head);
  for (const [n, sample] of taken.entries()) {
    all.push(sample);
    const next = taken[n + 1]?.due;
    if (next === undefined) fill(sample.due + everyMs, last - everyMs / 2);
    else fill(sample.due + everyMs, next - everyMs / 2);
  }
  return all;
}

/** When a series was down, if every unknown sample had been `unknownIs`. Of the two answers one is a lower and one an upper bound. */
export function downs(taken: readonly Sample[], timing: Timing, unknownIs: "up" | "down"): Down[] {
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
