import type { Checker, History, Millis, Outcome, Verdict } from "../harness/types.ts";
import { countOf, duration, some } from "../harness/words.ts";
import { type Epoch, type Epochs, epochsOf, type Takeover } from "./epochs.ts";
import { appends, type Marker, markerSearches, succeeded } from "./vocabulary.ts";

/**
 * Never two acknowledging writers: what a writer acknowledges of markers that were sent after another one had taken over is a second writer's
 * word. What was under way at that moment may have been committed before it. Nothing is said of a side that never answered when it was tried.
 */
export const singleWriter: Checker = {
  name: "single-writer",
  kind: "invariant",
  check(history) {
    const known = epochsOf(history);
    if (known === undefined) return said("unknown", "the ledger's markers carry no epoch");
    const { epochs } = known;
    if (epochs.length === 0) return said("unknown", "no marker was acknowledged, so there was no writer to be seen");
    const silences = silencesOf(history, known);
    const broken = silences.filter(({ strays }) => strays.length > 0);
    const [unheard] = silences.filter(({ answered }) => answered === 0);
    const found = whereabouts(history, broken);
    const [outcome, because] = ((): readonly [Outcome, string] => {
      if (broken.length > 0) return ["fail", [...broken.map(inWords), whereInWords(found)].join("; ")];
      if (silences.length === 0) return ["unknown", `no other side than ${epochs[0]?.region} was tried`];
      if (unheard !== undefined) return ["unknown", notHeard(unheard)];
      return ["pass", silences.map(heldInWords).join("; ")];
    })();
    const count = broken.reduce((sum, { strays }) => sum + strays.length, 0);
    return {
      ...said(outcome, because),
      measured: { low: count, high: count, limit: 0, unit: "stray writes" },
      evidence: [
        ...epochs.map(({ index }) => index),
        ...broken.flatMap(({ over, strays }) => [
          ...(over === undefined ? [] : [over.index]),
          ...strays.slice(0, 10).map(({ index }) => index),
        ]),
        ...found.map(({ index }) => index),
        ...silences.flatMap(({ proofs }) => proofs),
      ],
      details: {
        epochs,
        strays: broken.flatMap(({ strays }) => strays).slice(0, 1_000),
        found,
        tries: silences.map(({ strays: _, proofs: __, ...rest }) => rest),
      },
    };
  },
};

const said = (outcome: Outcome, because: string): Verdict => ({
  checker: "single-writer",
  kind: "invariant",
  outcome,
  because,
  evidence: [],
});

/** A marker that was acknowledged by a writer whose time was over. */
interface Stray extends Marker {
  readonly epoch: number;
  readonly sentAt: Millis;
  readonly ackedAt: Millis;
  readonly index: number;
}

/** A time in which a side has to be silent, and what it said when it was tried. */
interface Silence {
  readonly region: string;
  readonly from: Millis;
  readonly until: Millis;
  /** The epoch that it opens when it is the writer again: the marker that opens it was sent before that. */
  readonly next?: number;
  /** Who had taken over; undefined where this side never was the writer. */
  readonly over?: Takeover;
  tried: number;
  answered: number;
  /** Some of the lines in which it answered. */
  readonly proofs: number[];
  readonly strays: Stray[];
}

/** Each writer from its end to its next beginning; a side that never was one, all the time. */
function silencesOf(history: History, { epochs, tried }: Epochs): Silence[] {
  const none = () => ({ tried: 0, answered: 0, proofs: [], strays: [] });
  const left = epochs.flatMap(({ region, over, begunBy }): Silence[] => {
    if (over === undefined) return [];
    const again = epochs.find((other: Epoch) => other.region === region && other.begunBy > begunBy);
    const until =
      again === undefined ? { until: Number.POSITIVE_INFINITY } : { until: again.begunBy, next: again.epoch };
    return [{ region, from: over.at, ...until, over, ...none() }];
  });
  const never = [...tried].filter((region) => !epochs.some((one) => one.region === region));
  const silences = [
    ...left,
    ...never.map((region): Silence => ({ region, from: -1, until: Number.POSITIVE_INFINITY, ...none() })),
  ];
  const from = Math.min(...silences.map((one) => one.from));
  if (!Number.isFinite(from)) return silences;
  for (const { invocation, completion } of appends(history, { from, until: Number.POSITIVE_INFINITY })) {
    const { value, time: sentAt } = invocation;
    for (const silence of silences) {
      if (value?.region !== silence.region || sentAt <= silence.from || sentAt >= silence.until) continue;
      if (completion?.type === "ok" && completion.value?.epoch === silence.next) continue;
      silence.tried += 1;
      if (completion?.type !== "ok" && completion?.value?.answered !== true) continue;
      silence.answered += 1;
      if (silence.proofs.length < 3) silence.proofs.push(completion.index);
      if (completion.type !== "ok") continue;
      const { time: ackedAt, index } = completion;
      silence.strays.push({ ...value, epoch: completion.value?.epoch ?? 0, sentAt, ackedAt, index });
    }
  }
  for (const { strays } of silences) strays.sort((a, b) => a.ackedAt - b.ackedAt);
  return silences;
}

const nameOf = ({ deployment, seq }: Pick<Stray, "deployment" | "seq">): string => `${deployment}/${seq}`;

function inWords({ region, over, from, strays }: Silence): string {
  const [first, last] = [strays[0], strays.at(-1)];
  const later = ({ ackedAt }: Stray): string => duration(ackedAt - from);
  const when = first === undefined || last === undefined ? "" : `, ${later(first)} to ${later(last)} later`;
  return `${region} acknowledged ${countOf(strays.length, "write")} after ${over?.region} had taken over${when} (${some(strays.map(nameOf))})`;
}

/** How many of the strays a database or a snapshot holds. */
interface Found {
  readonly region: string;
  readonly snapshot?: string;
  readonly writer: string;
  readonly held: number;
  readonly of: number;
  readonly index: number;
}

function whereabouts(history: History, broken: readonly Silence[]): Found[] {
  return succeeded(markerSearches(history)).flatMap(({ asked: { writer, epoch, region, snapshot }, seen, index }) => {
    const held = new Set(seen.markers.map(([deployment, seq]) => nameOf({ deployment, seq })));
    const wanted = broken.flatMap(({ strays }) => strays.filter((one) => one.region === writer && one.epoch === epoch));
    if (wanted.length === 0) return [];
    const place = { region, ...(snapshot === undefined ? {} : { snapshot }) };
    return [{ ...place, writer, held: wanted.filter((one) => held.has(nameOf(one))).length, of: wanted.length, index }];
  });
}

const whereInWords = (found: readonly Found[]): string =>
  found.length === 0 ? "nobody looked where they are now" : found.map(placeInWords).join(", ");

const placeInWords = ({ region, snapshot, held, of }: Found): string =>
  `${snapshot === undefined ? region : `the snapshot ${snapshot}`} has ${held === of ? "all" : held === 0 ? "none" : held} of them`;

const triesInWords = ({ answered, tried }: Silence): string =>
  `it refused ${answered} of ${countOf(tried, "try", "tries")}`;

const heldInWords = (silence: Silence): string =>
  silence.over === undefined
    ? `${silence.region} never acknowledged a write: ${triesInWords(silence)}`
    : `since ${silence.over.region} took over, ${silence.region} has acknowledged nothing: ${triesInWords(silence)}`;

const notHeard = ({ region, over, tried }: Silence): string =>
  `${region} answered none of ${countOf(tried, "try", "tries")}${over === undefined ? "" : ` after ${over.region} had taken over`}, so nobody knows whether it would have acknowledged`;
