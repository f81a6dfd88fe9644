import type { CheckContext, Checker, Outcome, Verdict } from "../harness/types.ts";
import { countOf, duration, some } from "../harness/words.ts";
import { type Interval, latest, times, within } from "./interval.ts";
import { type Counts, type DeploymentLoss, ledgerOf } from "./ledger.ts";
import { outageOf } from "./outage.ts";

/** How much acknowledged metadata the survivor does not have: counted marker by marker, and as a time that is projected and judged on its bounds. */
export const rpoDatabase: Checker = {
  name: "rpo-database",
  kind: "objective",
  check(history, context) {
    const outage = outageOf(history, context);
    if (outage === undefined) return unknown("nothing was moved, so nothing could be lost");
    if (!outage.confirmed) return unknown("the fault was never confirmed, so its time is not known", outage.evidence);
    const ledger = ledgerOf(history, outage, context);
    if (ledger === undefined)
      return unknown("the survivor's ledger was never read back, so nobody knows what it holds", outage.evidence);
    const { counts, deployments, lost, readIndex } = ledger;
    const measured = deployments.flatMap(({ rpoMs }) => (rpoMs === undefined ? [] : [rpoMs]));
    if (measured.length === 0) return unknown("no marker was acknowledged in the lost region", [readIndex]);
    const all = latest(measured);
    const projected = times(all, context.timeScale);
    const limit = context.objectives.rpoDatabaseWithinMs;
    const unmarked = deployments.filter(({ atRisk }) => atRisk === 0).map(({ name }) => name);
    const bounds = within(projected, limit);
    const { writesLostAtMost } = context.objectives;
    const tooMany = writesLostAtMost !== undefined && counts.lost > writesLostAtMost;
    const outcome: Outcome =
      counts.lostBySurvivor > 0 || tooMany ? "fail" : bounds === "pass" && unmarked.length > 0 ? "unknown" : bounds;
    return {
      checker: "rpo-database",
      kind: "objective",
      outcome,
      because: inWords(outcome, counts, all, projected, unmarked, context),
      measured:
        writesLostAtMost === undefined
          ? { ...projected, limit, unit: "ms" }
          : { low: counts.lost, high: counts.lost, limit: writesLostAtMost, unit: "writes lost" },
      evidence: [...outage.evidence, readIndex, ...cited(deployments), ...lost.slice(0, 20).map(({ index }) => index)],
      details: { lab: all, counts, deployments, lost: lost.slice(0, 1_000) },
    };
  },
};

const unknown = (because: string, evidence: readonly number[] = []): Verdict => ({
  checker: "rpo-database",
  kind: "objective",
  outcome: "unknown",
  because,
  evidence,
});

/** The markers between which the loss of the worst deployment begins. */
function cited(deployments: readonly DeploymentLoss[]): number[] {
  const [worst] = [...deployments].sort((a, b) => (b.rpoMs?.high ?? 0) - (a.rpoMs?.high ?? 0));
  return [worst?.newestKept?.index, worst?.firstLost?.index].filter((index) => index !== undefined);
}

function inWords(
  outcome: Outcome,
  counts: Counts,
  all: Interval,
  projected: Interval,
  unmarked: readonly string[],
  { timeScale, objectives }: CheckContext,
): string {
  const count = `${countOf(counts.lost, "acknowledged write")} lost`;
  const span = all.high === null ? `from more than ${duration(all.low)}` : `within ${duration(all.high)}`;
  const scaled = timeScale === 1 ? "" : ` (projected: ${duration(projected.high ?? projected.low)})`;
  const limit = duration(objectives.rpoDatabaseWithinMs);
  const oddities = [
    counts.duplicated > 0 ? `${counts.duplicated} duplicated` : "",
    counts.resurrected > 0 ? `${counts.resurrected} refused and there all the same` : "",
    counts.outOfOrder > 0 ? `${counts.outOfOrder} kept although an earlier one is lost` : "",
  ].filter((text) => text !== "");
  const rest = oddities.length === 0 ? "" : `, ${oddities.join(", ")}`;
  if (objectives.writesLostAtMost !== undefined && counts.lost > objectives.writesLostAtMost)
    return `${count}, more than the ${objectives.writesLostAtMost} allowed${rest}`;
  if (counts.lostBySurvivor > 0)
    return `${count}, ${counts.lostBySurvivor} of them acknowledged by the survivor itself${rest}`;
  if (outcome === "fail")
    return `${count}, from at least ${duration(projected.low)} before the fault${timeScale === 1 ? "" : " (projected)"}, more than the ${limit} allowed${rest}`;
  if (unmarked.length > 0)
    return `${count} ${span}, but no marker of ${some(unmarked)} was acknowledged before the fault`;
  if (outcome === "unknown")
    return `${count} ${span}${scaled}: the markers leave open whether that is within ${limit}${rest}`;
  return counts.lost === 0
    ? `${count}, at a resolution of ${duration(all.high ?? 0)}${rest}`
    : `${count} ${span}${scaled}${rest}`;
}
