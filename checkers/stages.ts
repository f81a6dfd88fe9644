import type { CheckContext, Checker, History, Millis } from "../harness/types.ts";
import { countOf, some } from "../harness/words.ts";
import { type Interval, latest } from "./interval.ts";
import { type Outage, outageOf } from "./outage.ts";
import { type Recovery, recoveries } from "./recovery.ts";
import { tasksServed, type Witnessed, witnessed } from "./witnessed.ts";

export type StageName =
  | "fault"
  | "first client failure"
  | "detected"
  | "decided"
  | "compute ready"
  | "writer promoted"
  | "pods ready"
  | "DNS moved"
  | "first success"
  | "stable";

/** One link of the recovery's chain, placed on the run's clock by a witness of its own. */
export interface Stage {
  readonly name: StageName;
  readonly witness: string;
  /** Undefined: it has no witness in this history, and nothing is guessed in its place. */
  readonly at?: Interval;
  /** What was last seen of it. */
  readonly lastSeen?: string;
  /** From the end of the latest stage before it; nothing when they overlap, undefined when there is a gap. */
  readonly sinceMs?: Millis;
  readonly evidence: readonly number[];
}

/**
 * The chain from the fault to every deployment being stable, in its usual order. Empty when there was no fault; a planned move of which no client saw
 * anything has no stages of theirs.
 */
export function stagesOf(history: History, context: CheckContext): Stage[] {
  const outage = outageOf(history, context);
  if (outage === undefined) return [];
  const recovered = recoveries(history, outage, context);
  const unnoticed = outage.planned && recovered.length > 0 && recovered.every(({ downFrom }) => downFrom === undefined);
  const ofClients = (...seen: Stage[]): Stage[] => (unnoticed ? [] : seen);
  const known: Stage[] = [
    { name: "fault", witness: outage.process, at: outage.from, evidence: outage.evidence },
    ...ofClients(
      clients(
        "first client failure",
        recovered,
        ({ downFrom }) => downFrom && after(outage.from.low, downFrom),
        earliest,
      ),
    ),
    // Nobody has to find out about what was planned, nor to decide on it.
    ...(outage.planned
      ? []
      : [told(history, "detected", "detect", outage), told(history, "decided", "decide", outage)]),
    seen("compute ready", "probe/witness compute", witnessed(history, "compute", outage, context.regions.survivor)),
    seen("writer promoted", "probe/witness writer", witnessed(history, "writer", outage, context.regions.survivor)),
    seen("pods ready", "probe/witness pods", witnessed(history, "pods", outage, context.regions.survivor)),
    seen("DNS moved", "probe/witness dns", witnessed(history, "dns", outage, context.regions.survivor)),
    ...ofClients(
      clients("first success", recovered, ({ firstOk }) => firstOk, earliest),
      clients("stable", recovered, ({ stable }) => stable, latest),
    ),
  ];
  return chained(known);
}

/** Whether every stage of the chain was seen by its own witness. */
export const stages: Checker = {
  name: "stages",
  kind: "advice",
  check(history, context) {
    const chain = stagesOf(history, context);
    const outage = outageOf(history, context);
    const steps = outage === undefined ? [] : stepsOf(history, outage);
    const tasks = outage && tasksServed(history, outage, context);
    const missing = chain.filter(({ at }) => at === undefined).map(({ name }) => name);
    const unreached = chain.filter(({ at }) => at?.high === null);
    const because =
      chain.length === 0
        ? "no fault was injected, so there is no chain"
        : missing.length > 0
          ? `${countOf(missing.length, "stage")} of ${chain.length} had no witness: ${some(missing)}`
          : unreached.length > 0
            ? `not reached: ${some(unreached.map((one) => `${one.name}${one.lastSeen ? ` (last seen: ${one.lastSeen})` : ""}`))}`
            : `all ${chain.length} stages were reached, each seen by its own witness${chain.some(({ name }) => name === "stable") ? "" : "; no client noticed the move"}`;
    return {
      checker: "stages",
      kind: "advice",
      outcome: chain.length === 0 || missing.length > 0 ? "unknown" : unreached.length > 0 ? "fail" : "pass",
      because,
      evidence: chain.flatMap(({ evidence }) => evidence),
      details: { stages: chain, steps, ...(tasks === undefined ? {} : { tasksServed: tasks }) },
    };
  },
};

/** The platform's own steps of the failover, as it reported them. */
export const stepsOf = (history: History, { from, until }: Pick<Outage, "from" | "until">) =>
  [...history.pairs<{ step: string }, { detail?: unknown }>("failover", "step")]
    .filter(({ invocation: { time } }) => time >= from.low && time <= until)
    .map(({ invocation, completion }) => ({
      step: invocation.value?.step,
      began: invocation.time,
      ended: completion?.time,
      state: completion?.type,
      index: completion?.index ?? invocation.index,
    }));

function chained(known: readonly Stage[]): Stage[] {
  let reached: Millis | undefined;
  return known.map((stage, n) => {
    const gap = n > 0 && known[n - 1]?.at === undefined;
    const sinceMs =
      stage.at === undefined || stage.at.high === null || reached === undefined || gap
        ? undefined
        : Math.max(0, stage.at.high - reached);
    if (typeof stage.at?.high === "number") reached = Math.max(reached ?? 0, stage.at.high);
    return sinceMs === undefined ? stage : { ...stage, sinceMs };
  });
}

const seen = (name: StageName, witness: string, at: Witnessed | undefined): Stage =>
  at === undefined
    ? { name, witness, evidence: [] }
    : { name, witness, at: { low: at.low, high: at.high }, lastSeen: at.lastSeen, evidence: at.evidence };

/** What the driver of the failover wrote when it was told; its own act is the moment. */
function told(history: History, name: StageName, f: string, outage: Outage): Stage {
  const pair = [...history.pairs("failover", f)].find(({ invocation }) => invocation.time >= outage.from.low);
  const witness = pair?.invocation.process ?? "failover";
  const completion = pair?.completion;
  if (completion === undefined) return { name, witness, evidence: [] };
  const at = completion.type === "ok" ? completion.time : null;
  return {
    name,
    witness,
    at: { low: at ?? completion.time, high: at },
    ...(completion.error === undefined ? {} : { lastSeen: completion.error }),
    evidence: [completion.index],
  };
}

function clients(
  name: StageName,
  recovered: readonly Recovery[],
  of: (one: Recovery) => Interval | undefined,
  pick: (intervals: readonly Interval[]) => Interval,
): Stage {
  const intervals = recovered.map(of).filter((one) => one !== undefined);
  const witness = "probe/availability";
  if (intervals.length === 0) return { name, witness, evidence: [] };
  const at = pick(intervals);
  const [cited] = recovered.filter((one) => of(one)?.high === at.high);
  return { name, witness, at, evidence: cited?.evidence ?? [] };
}

/** What a fault did, it did not do before it. */
const after = (from: Millis, { low, high }: Interval): Interval => ({
  low: Math.min(high ?? from, Math.max(low, from)),
  high,
});

/** When the first of several things was true. */
const earliest = (intervals: readonly Interval[]): Interval => {
  const highs = intervals.flatMap(({ high }) => (high === null ? [] : [high]));
  return { low: Math.min(...intervals.map(({ low }) => low)), high: highs.length === 0 ? null : Math.min(...highs) };
};
