import type { CheckContext, Checker, Outcome, Verdict } from "../harness/types.ts";
import { countOf, duration, some } from "../harness/words.ts";
import { type Deposits, depositsOf } from "./deposits.ts";
import { type Interval, times, within } from "./interval.ts";
import { outageOf } from "./outage.ts";
import type { Goods } from "./vocabulary.ts";

/** How much of what was acknowledged outside the database the survivor does not have: counted by key and digest, and as a time like the database's. */
export const rpoOf = (goods: Goods): Checker => {
  const checker = `rpo-${goods}`;
  return {
    name: checker,
    kind: "objective",
    check(history, context) {
      const limit = context.objectives.rpoObjectsWithinMs;
      const kind = limit === undefined ? "advice" : "objective";
      const unknown = (because: string, evidence: readonly number[] = []): Verdict => ({
        checker,
        kind,
        outcome: "unknown",
        because,
        evidence,
      });
      const outage = outageOf(history, context);
      if (outage === undefined) return unknown("nothing was moved, so nothing could be lost");
      if (!outage.confirmed) return unknown("the fault was never confirmed, so its time is not known", outage.evidence);
      const deposits = depositsOf(history, goods, outage, context);
      if (deposits === undefined)
        return unknown(`the survivor's ${goods} were never listed, so nobody knows what it holds`, outage.evidence);
      const { rpoMs, lost, readIndex, newestKept, firstLost } = deposits;
      if (rpoMs === undefined) return unknown(`none of the ${goods} was acknowledged in the lost region`, [readIndex]);
      const projected = times(rpoMs, context.timeScale);
      const outcome = outcomeOf(deposits, projected, context);
      const cited = [newestKept?.index, firstLost?.index].filter((index) => index !== undefined);
      return {
        checker,
        kind,
        outcome,
        because: inWords(goods, outcome, deposits, rpoMs, projected, context),
        measured: { ...projected, ...(limit === undefined ? {} : { limit }), unit: "ms" },
        evidence: [...outage.evidence, readIndex, ...cited, ...lost.slice(0, 20).map(({ index }) => index)],
        details: { lab: rpoMs, ...deposits, lost: lost.slice(0, 1_000) },
      };
    },
  };
};

/** What is lost for good where nothing may be lost: late ones did come, and what was removed since should be gone. */
const goneForGood = ({ counts: { lost, late, removedSince } }: Deposits): number => lost - late - removedSince;

function outcomeOf(deposits: Deposits, projected: Interval, { objectives }: CheckContext): Outcome {
  const { corrupt, resurrected, lostBySurvivor } = deposits.counts;
  const { rpoObjectsWithinMs: limit, writesLostAtMost } = objectives;
  if (corrupt + resurrected + lostBySurvivor > 0) return "fail";
  if (writesLostAtMost !== undefined && goneForGood(deposits) > writesLostAtMost) return "fail";
  return limit === undefined ? "pass" : within(projected, limit);
}

function inWords(
  goods: Goods,
  outcome: Outcome,
  deposits: Deposits,
  lab: Interval,
  projected: Interval,
  { timeScale, objectives }: CheckContext,
): string {
  const { counts, corrupt, resurrected } = deposits;
  const one = goods.slice(0, -1);
  const count = `${countOf(counts.lost, `acknowledged ${one}`)} lost`;
  const late = counts.late === 0 ? "" : `, ${counts.late} of them came late`;
  const oddities = [
    counts.corrupt > 0 ? `${counts.corrupt} with another content (${some(corrupt.map(({ key }) => key))})` : "",
    counts.resurrected > 0 ? `${counts.resurrected} there again after their removal (${some(resurrected)})` : "",
    counts.partial > 0 ? `${counts.partial} there in part only` : "",
    counts.refusedAndThere > 0 ? `${counts.refusedAndThere} refused and there all the same` : "",
  ].filter((text) => text !== "");
  const removedSince = counts.removedSince === 0 ? "" : `, ${counts.removedSince} of them removed since`;
  const rest = `${late}${removedSince}${oddities.length === 0 ? "" : `, ${oddities.join(", ")}`}`;
  const { rpoObjectsWithinMs: limit, writesLostAtMost } = objectives;
  const scaled = timeScale === 1 ? "" : ` (projected: ${duration(projected.high ?? projected.low)})`;
  const span = lab.high === null ? `over at least ${duration(lab.low)}` : `within ${duration(lab.high)}`;
  if (counts.lostBySurvivor > 0)
    return `${count}, ${counts.lostBySurvivor} of them acknowledged by the survivor itself${rest}`;
  if (writesLostAtMost !== undefined && goneForGood(deposits) > writesLostAtMost)
    return `${count}, more than the ${writesLostAtMost} allowed${rest}`;
  if (limit !== undefined && projected.low > limit)
    return `${count}, from at least ${duration(projected.low)} before the fault${timeScale === 1 ? "" : " (projected)"}, more than the ${duration(limit)} allowed${rest}`;
  if (outcome === "unknown" && limit !== undefined)
    return `${count} ${span}${scaled}: what was put leaves open whether that is within ${duration(limit)}${rest}`;
  return counts.lost === 0
    ? `${count}, at a resolution of ${duration(lab.high ?? 0)}${rest}`
    : `${count} ${span}${scaled}${rest}`;
}
