import { type Interval, times, within } from "../checkers/interval.ts";
import type { Outcome, Result } from "../harness/types.ts";
import { listOf, numberOf, textOf } from "./values.ts";

/** How one deployment came through, as the verdict on the RTO tells it. */
export interface DeploymentOutcome {
  readonly name: string;
  readonly outcome: Outcome;
  /** From the fault to stable, as measured. */
  readonly rto: Interval | undefined;
  readonly lastError: string | undefined;
}

/** Every deployment of the run, the slowest first; one that the verdict does not name is unknown. */
export function deploymentsOf({ verdicts, deployments, timeScale, objectives }: Result): DeploymentOutcome[] {
  const told = listOf(verdicts.find(({ checker }) => checker === "rto")?.details, "deployments");
  const byName = new Map(told.map((one) => [textOf(one, "name"), one]));
  return deployments
    .map((name): DeploymentOutcome => {
      const one = byName.get(name);
      const low = numberOf(one, "low");
      if (low === undefined) return { name, outcome: "unknown", rto: undefined, lastError: undefined };
      const rto = { low, high: numberOf(one, "high") ?? null };
      const outcome = rto.high === null ? "fail" : within(times(rto, timeScale), objectives.rtoWithinMs);
      return { name, outcome, rto, lastError: textOf(one, "lastError") };
    })
    .sort((a, b) => slowness(b) - slowness(a));
}

const slowness = ({ rto }: DeploymentOutcome): number =>
  rto === undefined ? -1 : (rto.high ?? Number.MAX_SAFE_INTEGER + rto.low);
