import type { CheckContext, Checker, History, Millis, Outcome, Verdict } from "../harness/types.ts";
import { duration } from "../harness/words.ts";
import { type Interval, since, times, within } from "./interval.ts";
import { endOf, nextDisturbance, type Outage, outageOf } from "./outage.ts";
import { type ProtectionSeen, protectionSamples, succeeded } from "./vocabulary.ts";

/** So long may the platform's word outlive what it says, in real-world time: it has to find out first. */
const claimMayBeOldMs = 150_000;

/** From the fault until a standby could take over again: both the platform and RDS must say so. The platform's word alone is a failure. */
export const timeUnprotected: Checker = {
  name: "time-unprotected",
  kind: "objective",
  check(history, context) {
    const limit = context.objectives.unprotectedWithinMs;
    const kind = limit === undefined ? "advice" : "objective";
    const said = (outcome: Verdict["outcome"], because: string, evidence: readonly number[]): Verdict => ({
      checker: "time-unprotected",
      kind,
      outcome,
      because,
      evidence,
    });
    const all = succeeded(protectionSamples(history));
    const wrong = wrongClaim(all, claimMayBeOldMs / context.timeScale);
    // A false word is a failure whatever the objective.
    if (wrong !== undefined) return { ...said("fail", wrong.because, wrong.evidence), kind: "objective" };
    const outage = outageOf(history, context);
    if (outage === undefined) return said("unknown", "nothing was moved, so protection was not at stake", []);
    if (!outage.confirmed)
      return said("unknown", "the fault was never confirmed, so its time is not known", outage.evidence);
    const stretch = unprotectedAfter(all, history, outage, context);
    if (stretch === undefined)
      return said("unknown", "nobody could say whether the platform was protected", outage.evidence);
    const lab = since(outage.from, stretch);
    const projected = times(lab, context.timeScale);
    const outcome = outcomeOf(projected, limit);
    return {
      ...said(outcome, inWords(lab, projected, stretch.lastSeen, context), [...outage.evidence, ...stretch.evidence]),
      measured: { ...projected, ...(limit === undefined ? {} : { limit }), unit: "ms" },
      details: { lab, from: outage.from, until: { low: stretch.low, high: stretch.high }, spells: spellsOf(all) },
    };
  },
};

/** One that never ended while it was watched is a failure where a limit was promised, whatever the limit. */
function outcomeOf(projected: Interval, limit: Millis | undefined): Outcome {
  if (projected.high === null) return limit === undefined ? "unknown" : "fail";
  return limit === undefined ? "pass" : within(projected, limit);
}

interface Sampled {
  readonly seen: ProtectionSeen;
  readonly began: Millis;
  readonly ended: Millis;
  readonly index: number;
}

/** What RDS shows: a secondary that is connected. Undefined: it could not be asked, or does not tell of a secondary's state. */
function inSync({ witness }: ProtectionSeen): boolean | undefined {
  const secondaries = witness?.members.filter(({ writer }) => !writer);
  if (secondaries?.some(({ state }) => state === "connected")) return true;
  return secondaries?.some(({ state }) => state === null) ? undefined : secondaries && false;
}

/** Both say yes, or one says no; undefined when nobody can know. A platform that makes no claim leaves it to RDS. */
function isProtected(seen: ProtectionSeen): boolean | undefined {
  if (seen.claim !== undefined && seen.claim.state !== "protected") return false;
  return inSync(seen);
}

/** A claim of protection that RDS contradicts, in sample after sample, for longer than the platform may take to notice. */
function wrongClaim(samples: readonly Sampled[], forMs: Millis): { because: string; evidence: number[] } | undefined {
  let run: Sampled[] = [];
  for (const sample of samples) {
    const { seen, ended } = sample;
    // A sample in which one of them gave no answer neither proves nor disproves the claim.
    if (seen.claim === undefined || seen.witness === undefined) continue;
    run = seen.claim.state === "protected" && inSync(seen) === false ? [...run, sample] : [];
    const [first] = run;
    if (first === undefined || run.length < 2 || ended - first.began <= forMs) continue;
    const shown = seen.witness.members
      .filter(({ writer }) => !writer)
      .map(({ region, state }) => `${region} ${state ?? "unknown"}`);
    return {
      because: `the platform said that it was protected for ${duration(ended - first.began)} while RDS in ${seen.witness.region} showed no connected secondary (${shown.join(", ") || "none at all"})`,
      evidence: [first.index, sample.index],
    };
  }
  return undefined;
}

/** Between the last sample that found it unprotected and the first after it that did not; from the fault itself when none did. */
function unprotectedAfter(
  all: readonly Sampled[],
  history: History,
  outage: Outage,
  context: CheckContext,
): (Interval & { lastSeen: string; evidence: readonly number[] }) | undefined {
  const end = nextDisturbance(history, outage, context) ?? endOf(history);
  const known = all.filter(
    ({ seen, began, ended }) => began >= outage.from.low && ended <= end && isProtected(seen) !== undefined,
  );
  const lastBad = known.findLast(({ seen }) => isProtected(seen) === false);
  const firstGood = known.find(({ began }) => began > (lastBad?.began ?? Number.NEGATIVE_INFINITY));
  if (known.length === 0) return undefined;
  return {
    low: lastBad?.began ?? outage.from.low,
    high: firstGood?.ended ?? null,
    lastSeen: lastBad === undefined ? "" : inShort(lastBad.seen),
    evidence: [lastBad?.index, firstGood?.index].filter((index) => index !== undefined),
  };
}

const inShort = ({ claim }: ProtectionSeen): string =>
  claim === undefined || claim.state === "protected"
    ? "RDS shows no connected secondary"
    : `${claim.state}${claim.because === "" ? "" : `: ${claim.because}`}`;

/** Times in which the answer stayed the same, for a bar in a report. */
function spellsOf(all: readonly Sampled[]): { state: string; from: Millis; to: Millis }[] {
  const spells: { state: string; from: Millis; to: Millis }[] = [];
  for (const { seen, began, ended } of all) {
    const good = isProtected(seen);
    const state =
      good === undefined
        ? "unknown"
        : good
          ? "protected"
          : seen.claim?.state === "protected" || seen.claim === undefined
            ? "unprotected"
            : seen.claim.state;
    const last = spells.at(-1);
    if (last?.state === state) last.to = ended;
    else spells.push({ state, from: began, to: ended });
  }
  return spells;
}

function inWords(
  lab: Interval,
  projected: Interval,
  lastSeen: string,
  { timeScale, objectives: { unprotectedWithinMs: limit } }: CheckContext,
): string {
  const scaled = timeScale === 1 ? "" : ` (projected: ${duration(projected.high ?? projected.low)})`;
  if (lab.high === null)
    return `no standby could take over again for more than ${duration(lab.low)}${scaled}; last seen: ${lastSeen}`;
  const told = `a standby could take over again ${duration(lab.high)} after the fault${scaled}`;
  return limit === undefined ? told : `${told}, of ${duration(limit)} allowed`;
}
