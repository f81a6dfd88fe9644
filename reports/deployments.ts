import { type Interval, times, within } from "../checkers/interval.ts";
import type { Drill, Outcome, Result } from "../harness/types.ts";
import { objectivesOf, verdictOf } from "./drills.ts";
import { listOf, numberOf, textOf } from "./values.ts";

/** How one deployment came through, as the verdict on the RTO tells it. */
export interface DeploymentOutcome {
  readonly name: string;
  readonly outcome: Outcome;
  /** From the fault to stable, as measured. */
  readonly rto: Interval | undefined;
  readonly lastError: string | undefined;
}

/** Every deployment of a drill, the slowest first; one that the verdict does not name is unknown. None where nobody asked for a recovery. */
export function deploymentsOf(result: Result, drill?: Drill): DeploymentOutcome[] {
  const verdict = verdictOf(result, "rto", drill?.name);
  if (verdict === undefined) return [];
  const { deployments, timeScale } = result;
  const told = listOf(verdict.details, "deployments");
  const byName = new Map(told.map((one) => [textOf(one, "name"), one]));
  return deployments
    .map((name): DeploymentOutcome => {
      const one = byName.get(name);
      const low = numberOf(one, "low");
      if (low === undefined) return { name, outcome: "unknown", rto: undefined, lastError: undefined };
      const rto = { low, high: numberOf(one, "high") ?? null };
      const outcome =
        rto.high === null ? "fail" : within(times(rto, timeScale), objectivesOf(result, drill).rtoWithinMs);
      return { name, outcome, rto, lastError: textOf(one, "lastError") };
    })
    .sort((a, b) => slowness(b) - slowness(a));
}

/** The drills of a run, or the one that has no name: what follows its first fault. */
export const drillsOrWhole = ({ drills = [] }: Pick<Result, "drills">): readonly (Drill | undefined)[] =>
  drills.length === 0 ? [undefined] : drills;

const slowness = ({ rto }: DeploymentOutcome): number =>
  rto === undefined ? -1 : (rto.high ?? Number.MAX_SAFE_INTEGER + rto.low);
