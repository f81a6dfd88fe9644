import type { History, Millis, Timing } from "../harness/types.ts";
import type { Bounded } from "./interval.ts";
import { pairsOf } from "./vocabulary.ts";

/** The time in which the fault held, as far as the history tells. */
export interface Outage {
  readonly process: `fault/${string}`;
  /** The fault's time: from the command to the first effect that an independent probe confirmed, or to the answer to the command. */
  readonly from: Bounded;
  readonly confirmed: boolean;
  /** When the heal began, or the last moment of the history. */
  readonly until: Millis;
  readonly experimentId?: string;
  /** The ops that tell of it. */
  readonly evidence: readonly number[];
}

/** Undefined when no fault was injected. */
export function outageOf(history: History): Outage | undefined {
  const injected = [...history.pairs<unknown, { experimentId?: string }>("fault", "inject")].find(
    ({ completion }) => completion?.type !== "fail",
  );
  if (injected === undefined) return undefined;
  const { invocation, completion } = injected;
  const process = invocation.process as Outage["process"];
  const confirm = pairsOf(history, process, "confirm").find((pair) => pair.completion?.type === "ok");
  const heal = pairsOf(history, process, "heal").find((pair) => pair.invocation.index > invocation.index);
  const confirmedAt = confirm?.completion?.time;
  const experimentId = completion?.value?.experimentId;
  return {
    process,
    from: { low: invocation.time, high: Math.max(invocation.time, confirmedAt ?? completion?.time ?? 0) },
    confirmed: confirmedAt !== undefined,
    until: heal?.invocation.time ?? endOf(history),
    ...(experimentId === undefined ? {} : { experimentId }),
    evidence: [invocation.index, completion?.index, confirm?.completion?.index].filter((one) => one !== undefined),
  };
}

/** Whether recovery was waited for to its end: it came, or the deadline passed. An interrupted run proves no failure to recover. */
export function watchedToTheEnd(history: History, outage: Outage, timing: Timing): boolean {
  if (outage.until - outage.from.high >= timing.recoveryDeadlineMs) return true;
  return pairsOf<{ phase: string }>(history, "run/play", "phase").some(
    ({ invocation, completion }) => invocation.value?.phase === "recovery" && completion?.type === "ok",
  );
}

/** The latest time that any op names; lines are in order of writing, not of time. */
export const endOf = (history: History): Millis => history.ops.reduce((last, { time }) => Math.max(last, time), 0);
