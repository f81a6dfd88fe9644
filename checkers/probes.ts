import type { Checker, History, Millis, Outcome, Process, Verdict } from "../harness/types.ts";
import { duration, some } from "../harness/words.ts";
import { seriesOf } from "./availability.ts";
import { quantileOf } from "./interval.ts";
import { outageOf } from "./outage.ts";

export interface ProbeOptions {
  /** 99 of 100 samples begin within this share of the interval after their intended time. */
  readonly lateShareAtMost?: number;
  readonly missingShareAtMost?: number;
  /** Every one of these must have written. */
  readonly expected?: readonly Process[];
}

/** Those that watch all the time. One that only takes stock is missed by the checker that needs its stock. */
const standard: readonly Process[] = [
  "probe/availability",
  "probe/ledger",
  "probe/reachability",
  "probe/replication",
  "probe/witness",
];

/** Whether the instruments worked from the steady state to the heal: on time, without gaps, all of them. */
export const probes = ({
  lateShareAtMost = 0.2,
  missingShareAtMost = 0.02,
  expected = standard,
}: ProbeOptions = {}): Checker => ({
  name: "probes",
  kind: "validity",
  check(history, { timing }) {
    const limit = lateShareAtMost * timing.probeEveryMs;
    const outage = outageOf(history);
    const from = outage === undefined ? 0 : outage.from.low - timing.steadyMs;
    const until = outage?.until ?? Number.POSITIVE_INFINITY;
    const judged = ({ due }: { due: Millis }): boolean => due >= from && due < until;
    const wanted = seriesOf(history, timing).flatMap(({ samples }) => [...samples].filter(judged));
    const late = wanted.flatMap(({ due, began, index }) => (index === undefined ? [] : [{ ms: began - due, index }]));
    const lateP99Ms = quantileOf(
      late.map(({ ms }) => ms),
      0.99,
    );
    const due = wanted.length;
    const missing = wanted.filter(({ index }) => index === undefined).length;
    const silent = silentOf(history, expected);
    const latest = late.toSorted((a, b) => b.ms - a.ms).slice(0, 3);
    const answer = (outcome: Outcome, because: string): Verdict => ({
      checker: "probes",
      kind: "validity",
      outcome,
      because,
      ...(lateP99Ms === undefined ? {} : { measured: { low: lateP99Ms, high: lateP99Ms, limit, unit: "ms late" } }),
      evidence: latest.map(({ index }) => index),
      details: { lateP99Ms, due, missing, silent },
    });
    if (lateP99Ms === undefined) return answer("unknown", "no deployment was ever looked at");
    if (lateP99Ms > limit)
      return answer(
        "fail",
        `1 of 100 samples began more than ${duration(lateP99Ms)} late, ${duration(limit)} are allowed: this machine is too busy to measure`,
      );
    if (missing > missingShareAtMost * due) return answer("fail", `${missing} of ${due} samples are missing`);
    if (silent.length > 0) return answer("unknown", `${some(silent)} wrote nothing`);
    return answer(
      "pass",
      `${due - missing} of ${due} samples were taken, 99 of 100 within ${duration(lateP99Ms)} of their time`,
    );
  },
});

function silentOf(history: History, expected: readonly Process[]): Process[] {
  const wrote = (process: Process): boolean => history.pairs(process)[Symbol.iterator]().next().done !== true;
  return expected.filter((process) => !wrote(process));
}
