import type { Checker, History, Outcome, Verdict } from "../harness/types.ts";
import { duration, some } from "../harness/words.ts";
import { pairsOf } from "./vocabulary.ts";

/** A broken standby must show within this time of the lab. */
const limitMs = 30_000;

/** Whether the steady-state check refused to break a platform that could not have stood it, and nothing was broken all the same. */
export const refused: Checker = {
  name: "refused",
  kind: "objective",
  check(history) {
    const gate = pairsOf<object, { because: readonly string[] }>(history, "run/play", "gate").at(-1);
    if (gate?.completion === undefined || gate.completion.type === "info")
      return said("unknown", "the steady-state check was never asked to its end", gate ? [gate.invocation.index] : []);
    const { completion } = gate;
    const broken = brokenAll(history, completion.time);
    if (broken !== undefined) return said("fail", broken.because, [completion.index, broken.index]);
    if (completion.type === "fail")
      return said(
        "fail",
        `${completion.error ?? "the steady-state check found nothing in the way"}, although the standby was impaired`,
        [completion.index],
      );
    const reasons = completion.value?.because ?? [];
    if (reasons.length === 0)
      return said("fail", "the steady-state check refused without a reason", [completion.index]);
    const handicap = [...history.pairs("fault", "inject")].findLast(
      ({ invocation, completion: done }) => done?.type !== "fail" && invocation.time <= completion.time,
    );
    if (handicap?.completion === undefined)
      return said("unknown", `it refused, but nothing was impaired before it: ${some(reasons)}`, [completion.index]);
    const low = Math.max(0, completion.time - handicap.completion.time);
    const high = completion.time - handicap.invocation.time;
    const outcome: Outcome = high <= limitMs ? "pass" : low > limitMs ? "fail" : "unknown";
    return {
      ...said(
        outcome,
        `the steady-state check refused ${duration(high)} after the standby was impaired, of ${duration(limitMs)} allowed, and nothing was broken: ${some(reasons)}`,
        [handicap.completion.index, completion.index],
      ),
      measured: { low, high, limit: limitMs, unit: "ms of lab time" },
      details: { reasons },
    };
  },
};

const said = (outcome: Outcome, because: string, evidence: readonly number[]): Verdict => ({
  checker: "refused",
  kind: "objective",
  outcome,
  because,
  evidence,
});

/** What was broken although it should not have been: a region at any time, or anything at all after the check was asked. */
function brokenAll(history: History, askedAtMs: number): { because: string; index: number } | undefined {
  for (const { invocation, completion } of history.pairs<{ region?: string }>("fault", "inject")) {
    if (completion?.type === "fail") continue;
    const { process, value, index, time } = invocation;
    if (process === "fault/lose-region")
      return { because: `${value?.region ?? "a region"} was lost all the same`, index };
    if (time > askedAtMs) return { because: `${process} was injected after the steady-state check was asked`, index };
  }
  return undefined;
}
