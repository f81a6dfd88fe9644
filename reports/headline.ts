import type { Measured, Result, Verdict } from "../harness/types.ts";
import { duration } from "../harness/words.ts";
import { interval, quantity } from "./format.ts";
import { field, numberOf } from "./values.ts";

/** A verdict as a reader meets it first: what was promised, what was measured, what that comes to. */
export interface Headline {
  readonly verdict: Verdict;
  readonly metric: string;
  readonly objective: string;
  /** As it was in this run. */
  readonly measured: string;
  /** At real-world delays: an upper bound, and what the objective is compared with. Empty where nothing is scaled. */
  readonly projected: string;
}

export const headlines = (result: Result, kind: Verdict["kind"]): Headline[] =>
  result.verdicts.filter((verdict) => verdict.kind === kind).map((verdict) => headline(verdict, result));

function headline(verdict: Verdict, { timeScale, objectives }: Result): Headline {
  const { measured } = verdict;
  const lab = labValue(verdict, timeScale);
  const scaled = measured !== undefined && lab !== undefined && timeScale !== 1;
  return {
    verdict,
    metric: metricName(verdict.checker),
    objective:
      measured?.limit === undefined
        ? (promised(objectives)[verdict.checker] ?? "")
        : objective(measured.limit, measured.unit),
    measured: measured === undefined ? "" : interval(lab ?? measured, measured.unit),
    projected: scaled ? interval(measured, measured.unit) : "",
  };
}

/** Durations are judged as projections; the checker tells what they were in the run. */
function labValue({ measured, details }: Verdict, timeScale: number): Pick<Measured, "low" | "high"> | undefined {
  if (measured?.unit !== "ms") return undefined;
  const lab = field(details, "lab");
  const low = numberOf(lab, "low");
  if (low !== undefined) return { low, high: numberOf(lab, "high") ?? null };
  return { low: measured.low / timeScale, high: measured.high === null ? null : measured.high / timeScale };
}

/** What was promised, where a verdict without a measurement cannot say it. */
const promised = (objectives: Result["objectives"]): Readonly<Record<string, string>> => ({
  rto: objective(objectives.rtoWithinMs, "ms"),
  "rpo-database": objective(objectives.rpoDatabaseWithinMs, "ms"),
  tasks: objective(objectives.tasksLostAtMost, "tasks lost"),
});

const objective = (limit: number, unit: string): string =>
  limit === 0 ? "none" : `at most ${unit === "ms" ? duration(limit) : quantity(limit, unit)}`;

const acronyms = new Map(["rto", "rpo", "dns", "fis"].map((word) => [word, word.toUpperCase()]));

/** Names that would be too long for a column. */
const short: Readonly<Record<string, string>> = { "standby-composition": "Standby", "time-unprotected": "Unprotected" };

/** `rpo-database` is `RPO database`. */
export function metricName(checker: string): string {
  const known = short[checker];
  if (known !== undefined) return known;
  const words = checker.split("-").map((word) => acronyms.get(word) ?? word);
  const name = words.join(" ");
  return name.charAt(0).toUpperCase() + name.slice(1);
}
