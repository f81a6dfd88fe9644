import type { CheckContext, Checker, History, Millis, Verdict } from "../harness/types.ts";
import { duration, some } from "../harness/words.ts";
import { type Interval, latest, times, within } from "./interval.ts";
import { type Outage, outageOf } from "./outage.ts";
import { appends, lossBounds, succeeded } from "./vocabulary.ts";

/** A time in which no marker was acknowledged. */
interface Stall extends Interval {
  /** The acknowledgement before it, and the one that ended it. */
  readonly from: Millis;
  readonly until: Millis | null;
  readonly evidence: readonly number[];
}
interface DeploymentStall {
  readonly name: string;
  /** Undefined: no marker was acknowledged before the outage, so nothing can be said. */
  readonly longest?: Stall;
}

/** How long the region that serves took no write while the other one was lost. */
export const writeStall: Checker = {
  name: "write-stall",
  kind: "objective",
  check(history, context) {
    const limit = context.objectives.stalledWithinMs;
    const kind = limit === undefined ? "advice" : "objective";
    const unknown = (because: string, evidence: readonly number[] = []): Verdict => ({
      checker: "write-stall",
      kind,
      outcome: "unknown",
      because,
      evidence,
    });
    const outage = outageOf(history, context);
    if (outage === undefined || outage.planned) return unknown("no region was lost, so no write had to wait for one");
    if (!outage.confirmed) return unknown("the fault was never confirmed, so its time is not known", outage.evidence);
    const { survivor } = context.regions;
    const markers = markersOf(history, survivor);
    const stalls = context.deployments.map((name): DeploymentStall => {
      const longest = longestStall(
        markers.filter(({ deployment }) => deployment === name),
        outage,
      );
      return { name, ...(longest === undefined ? {} : { longest }) };
    });
    const measured = stalls.flatMap(({ longest }) => (longest === undefined ? [] : [longest]));
    if (measured.length === 0) return unknown(`no marker was acknowledged in ${survivor} before the fault`);
    const unmarked = stalls.filter(({ longest }) => longest === undefined).map(({ name }) => name);
    const lab = latest(measured);
    const projected = times(lab, context.timeScale);
    const judged = limit === undefined ? "pass" : within(projected, limit);
    const outcome = judged === "pass" && unmarked.length > 0 ? "unknown" : judged;
    const [worst] = [...stalls].sort((a, b) => reach(b) - reach(a));
    const platform = longestStall(markers, outage);
    const { seconds, index } = boundOf(history) ?? {};
    return {
      checker: "write-stall",
      kind,
      outcome,
      because: inWords(lab, projected, { worst, unmarked, seconds }, context),
      measured: { ...projected, ...(limit === undefined ? {} : { limit }), unit: "ms" },
      evidence: [...outage.evidence, ...(worst?.longest?.evidence ?? []), ...(index === undefined ? [] : [index])],
      details: {
        lab,
        platform,
        deployments: stalls,
        ...(seconds === undefined ? {} : { globalDbRpoSeconds: seconds }),
      },
    };
  },
};

interface MarkerTimes {
  readonly deployment: string;
  readonly sentAt: Millis;
  /** Undefined: it was refused, or nobody can know. */
  readonly ackedAt?: Millis;
  readonly index: number;
}

const markersOf = (history: History, region: string): MarkerTimes[] =>
  [...appends(history)].flatMap(({ invocation, completion }) =>
    invocation.value?.region !== region
      ? []
      : [
          {
            deployment: invocation.value.deployment,
            sentAt: invocation.time,
            ...(completion?.type === "ok" ? { ackedAt: completion.time } : {}),
            index: completion?.index ?? invocation.index,
          },
        ],
  );

/**
 * The longest time between two acknowledgements that touches the outage: at most from the one to the other, at least from the first marker
 * that was sent in between. One that nothing ended has no upper bound.
 */
function longestStall(markers: readonly MarkerTimes[], outage: Outage): Stall | undefined {
  const acked = markers.flatMap(({ ackedAt, index }) => (ackedAt === undefined ? [] : [{ ackedAt, index }]));
  acked.sort((a, b) => a.ackedAt - b.ackedAt);
  const stalls = acked.flatMap(({ ackedAt: from, index }, n): Stall[] => {
    const next = acked[n + 1];
    const end = next?.ackedAt ?? outage.until;
    if (end < outage.from.low || from > outage.until) return [];
    const waiting = markers.filter(({ sentAt }) => sentAt > from && sentAt <= end);
    const firstSent = Math.min(end, ...waiting.map(({ sentAt }) => sentAt));
    const until = next?.ackedAt ?? null;
    // The run ended before the next turn: that nothing followed is no stall.
    if (next === undefined && waiting.length === 0) return [];
    const evidence = next === undefined ? [index] : [index, next.index];
    return [{ low: end - firstSent, high: until === null ? null : until - from, from, until, evidence }];
  });
  return stalls.reduce<Stall | undefined>(
    (longest, one) => (longest !== undefined && lengthOf(longest) >= lengthOf(one) ? longest : one),
    undefined,
  );
}

const lengthOf = ({ high }: Interval): number => high ?? Number.POSITIVE_INFINITY;
const reach = ({ longest }: DeploymentStall): number => (longest === undefined ? -1 : lengthOf(longest));

/** What Aurora was told to allow, as the serving region had it when the run began. */
const boundOf = (history: History): { seconds: number; index: number } | undefined => {
  const [first] = succeeded(lossBounds(history));
  return first === undefined || first.seen.seconds === null
    ? undefined
    : { seconds: first.seen.seconds, index: first.index };
};

function inWords(
  lab: Interval,
  projected: Interval,
  {
    worst,
    unmarked,
    seconds,
  }: { worst?: DeploymentStall | undefined; unmarked: readonly string[]; seconds?: number | undefined },
  { timeScale, regions, objectives: { stalledWithinMs: limit } }: CheckContext,
): string {
  const scaled = timeScale === 1 ? "" : ` (projected: ${duration(projected.high ?? projected.low)})`;
  const long =
    lab.high === null
      ? `for more than ${duration(lab.low)}, to the end of the outage`
      : `for ${duration(lab.high)} at most`;
  const allowed = limit === undefined ? "" : `, of ${duration(limit)} allowed`;
  const bound =
    seconds === undefined
      ? ""
      : `; rds.global_db_rpo lets writes go on for ${seconds} s without a standby and then holds them until there is one, or until it is lifted`;
  const missing = unmarked.length === 0 ? "" : `, but no marker of ${some(unmarked)} was acknowledged before it`;
  return `with ${regions.lost} lost, ${worst?.name ?? "the platform"} took no write in ${regions.survivor} ${long}${scaled}${allowed}${missing}${bound}`;
}
