import type { CheckContext, Drill, History, Millis, Pair } from "../harness/types.ts";
import type { Bounded } from "./interval.ts";
import { pairsOf } from "./vocabulary.ts";

/** The time that a recovery is measured in, as far as the history tells: a fault held, or a change of region was asked for. */
export interface Outage {
  readonly process: `fault/${string}` | `failover/${string}`;
  /** Nothing was broken: the platform was asked to move. */
  readonly planned: boolean;
  /** The fault's time: from the command to the first effect that an independent probe confirmed, or to the answer to the command. */
  readonly from: Bounded;
  readonly confirmed: boolean;
  /**
   * When the heal or the next drill began, or the last moment of the history. A heal in the middle of the drill that the fault is answered by
   * ends nothing: the recovery goes on.
   */
  readonly until: Millis;
  /** When the heal began, wherever that was. */
  readonly healedAt?: Millis;
  readonly experimentId?: string;
  /** The ops that tell of it. */
  readonly evidence: readonly number[];
}

/** That of the drill in question: what it left was lost before, or it was planned. Without one, that of the first fault. Undefined: there was none. */
export function outageOf(history: History, { drill }: Pick<CheckContext, "drill"> = {}): Outage | undefined {
  if (drill === undefined) return faultOf(history);
  const played = drillOf(history, drill);
  if (played === undefined) return undefined;
  const askedBy = requestOf(history, played)?.invocation.time ?? played.completion?.time ?? endOf(history);
  const during = { region: drill.from, from: played.invocation.time, to: askedBy };
  return faultOf(history, during) ?? plannedOf(history, drill);
}

/** When anything was first done to a healthy platform. */
export const firstDisturbance = (history: History): Millis | undefined => {
  const acts = [...history.pairs("fault", "inject"), ...drillsPlayed(history)].map(({ invocation }) => invocation.time);
  return acts.length === 0 ? undefined : Math.min(...acts);
};

/** When the next thing was done to the platform after an outage and its own drill; undefined: nothing was. */
export function nextDisturbance(
  history: History,
  { from }: Pick<Outage, "from">,
  { regions }: Pick<CheckContext, "regions">,
): Millis | undefined {
  // A region that is lost again before the platform is protected from that is the same outage.
  const faults = [...history.pairs<{ region?: string }>("fault", "inject")].filter(
    ({ invocation }) => invocation.value?.region !== regions.lost,
  );
  const drills = drillsPlayed(history).filter(({ invocation }) => invocation.value?.from !== regions.lost);
  const after = [...faults, ...drills].map(({ invocation }) => invocation.time).filter((time) => time > from.high);
  return after.length === 0 ? undefined : Math.min(...after);
}

const drillsPlayed = (history: History) => pairsOf<Drill>(history, "run/play", "drill");
const requestOf = (history: History, { invocation: begun, completion: ended }: Pair<Drill>) =>
  [...history.pairs("failover", "request")].find(
    ({ invocation }) => invocation.time >= begun.time && invocation.time <= (ended?.time ?? Number.POSITIVE_INFINITY),
  );
const drillOf = (history: History, { name }: Drill) =>
  drillsPlayed(history).find(({ invocation }) => invocation.value?.name === name);

/** The drill's own request is its beginning: nobody had to find out first. */
function plannedOf(history: History, drill: Drill): Outage | undefined {
  const played = drillOf(history, drill);
  if (played === undefined) return undefined;
  const request = requestOf(history, played);
  if (request?.completion?.type !== "ok") return undefined;
  const { invocation, completion } = request;
  return {
    process: invocation.process as Outage["process"],
    planned: true,
    from: { low: invocation.time, high: completion.time },
    confirmed: true,
    until: endAfter(history, played),
    evidence: [invocation.index, completion.index],
  };
}

/** When what follows a drill is no part of it any more. */
const endAfter = (history: History, { invocation: begun }: Pair<Drill>): Millis =>
  drillsPlayed(history).find((other) => other.invocation.index > begun.index)?.invocation.time ??
  settled(history) ??
  endOf(history);

/** The end of the run's last phase: what comes after it is taken down. */
const settled = (history: History): Millis | undefined =>
  pairsOf<{ phase: string }>(history, "run/play", "phase").find(
    ({ invocation }) => invocation.value?.phase === "settle",
  )?.completion?.time;

interface Holding {
  readonly region: string;
  /** It was not healed before this, and was injected before that. */
  readonly from: Millis;
  readonly to: Millis;
}

/** The first fault that took a region, or the first at all; or the first in a region that held at some time. */
function faultOf(history: History, during?: Holding): Outage | undefined {
  const injections = [...history.pairs<Injected, { experimentId?: string }>("fault", "inject")].filter(
    ({ completion }) => completion?.type !== "fail",
  );
  const injected =
    during === undefined
      ? (injections.find(({ invocation }) => invocation.value?.region !== undefined) ?? injections[0])
      : injections.find((one) => {
          const { time, value } = one.invocation;
          const healedAt = healOf(history, one)?.invocation.time ?? Number.POSITIVE_INFINITY;
          return value?.region === during.region && time <= during.to && healedAt > during.from;
        });
  if (injected === undefined) return undefined;
  const { invocation, completion } = injected;
  const process = invocation.process as Outage["process"];
  const confirm = pairsOf(history, process, "confirm").find(
    (pair) => pair.completion?.type === "ok" && pair.invocation.index > invocation.index,
  );
  const healedAt = healOf(history, injected)?.invocation.time;
  const confirmedAt = confirm?.completion?.time;
  const experimentId = completion?.value?.experimentId;
  return {
    process,
    planned: false,
    from: { low: invocation.time, high: Math.max(invocation.time, confirmedAt ?? completion?.time ?? 0) },
    confirmed: confirmedAt !== undefined,
    until: untilOf(history, invocation.value?.region, healedAt),
    ...(healedAt === undefined ? {} : { healedAt }),
    ...(experimentId === undefined ? {} : { experimentId }),
    evidence: [invocation.index, completion?.index, confirm?.completion?.index].filter((one) => one !== undefined),
  };
}

interface Injected {
  readonly region?: string;
}

const healOf = (history: History, { invocation: { process, index } }: Pair<Injected>) =>
  pairsOf(history, process, "heal").find((pair) => pair.invocation.index > index);

/** The heal, unless it came in the middle of a drill that leaves the region: then the drill's own end. */
function untilOf(history: History, region: string | undefined, healedAt: Millis | undefined): Millis {
  if (healedAt === undefined) return endOf(history);
  const drill = drillsPlayed(history).find(
    ({ invocation: { time, value }, completion }) =>
      value?.from === region && time <= healedAt && (completion?.time ?? Number.POSITIVE_INFINITY) > healedAt,
  );
  return drill === undefined ? healedAt : endAfter(history, drill);
}

/** Whether recovery was waited for to its end: it came, or the deadline passed. An interrupted run proves no failure to recover. */
export function watchedToTheEnd(history: History, outage: Outage, { timing, drill }: CheckContext): boolean {
  if (outage.until - outage.from.high >= timing.recoveryDeadlineMs) return true;
  return pairsOf<{ phase: string; drill?: string }>(history, "run/play", "phase").some(
    ({ invocation: { value }, completion }) =>
      value?.phase === "recovery" && (drill === undefined || value.drill === drill.name) && completion?.type === "ok",
  );
}

/** The latest time that any op names; lines are in order of writing, not of time. */
export const endOf = (history: History): Millis => history.endsAt;
