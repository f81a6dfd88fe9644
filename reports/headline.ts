import type { Drill, Measured, Objectives, Result, Verdict } from "../harness/types.ts";
import { checkerOf, drillOf, objectivesOf, sayingOf } from "./drills.ts";
import { interval, quantity } from "./format.ts";
import { field, numberOf } from "./values.ts";

/** A verdict as a reader meets it first: what was promised, what was measured, what that comes to. */
export interface Headline {
  readonly verdict: Verdict;
  /** The drill that it judges; undefined: the whole run. */
  readonly drill: Drill | undefined;
  readonly metric: string;
  readonly because: string;
  readonly objective: string;
  /** As it was in this run. */
  readonly measured: string;
  /** At real-world delays: an upper bound, and what the objective is compared with. Empty where nothing is scaled. */
  readonly projected: string;
}

export const headlines = (result: Result, kind: Verdict["kind"]): Headline[] =>
  result.verdicts.filter((verdict) => verdict.kind === kind).map((verdict) => headline(verdict, result));

/** Limited or not, what was lost beside the database and how long nothing protected it belongs beside what was. */
const besideObjectives = new Set(["rpo-objects", "rpo-images", "time-unprotected", "write-stall"]);
const isBeside = ({ verdict }: Headline): boolean => besideObjectives.has(checkerOf(verdict));

/** All that decides: objectives, and invariants after them. */
export const decidingRows = (result: Result): Headline[] => [
  ...headlines(result, "objective"),
  ...headlines(result, "invariant"),
];

/** The rows of the headline table: all that decides, and what stands beside it for comparison. */
export const tableRows = (result: Result): Headline[] =>
  [...decidingRows(result), ...headlines(result, "advice").filter(isBeside)].sort((a, b) => rank(a) - rank(b));

/** Findings that decide nothing, other than those of the table. */
export const adviceRows = (result: Result): Headline[] => headlines(result, "advice").filter((one) => !isBeside(one));

const order = ["rto", "rpo-database", "rpo-objects", "rpo-images", "cross-store", "tasks"];
const rank = ({ verdict }: Headline): number =>
  (order.indexOf(checkerOf(verdict)) + order.length + 1) % (order.length + 1);

/** What is told under one title: a drill's own verdicts, or those on the whole run. */
export interface HeadlineGroup {
  /** Undefined: there is one group only, and nothing to tell it from. */
  readonly drill: Drill | undefined;
  readonly isWhole: boolean;
  readonly rows: readonly Headline[];
}

/** Each drill's own verdicts in the order in which drills were played, then those on the whole run. */
export function grouped(rows: readonly Headline[], { drills = [] }: Pick<Result, "drills">): HeadlineGroup[] {
  const by = Map.groupBy(rows, ({ drill }) => drill?.name);
  const names = [...drills.map(({ name }) => name), ...by.keys()].filter((name) => name !== undefined);
  const groups = [...new Set(names)].flatMap((name): HeadlineGroup[] => {
    const own = by.get(name) ?? [];
    return own.length === 0 ? [] : [{ drill: own[0]?.drill, isWhole: false, rows: own }];
  });
  const whole = by.get(undefined) ?? [];
  return whole.length === 0 ? groups : [...groups, { drill: undefined, isWhole: groups.length > 0, rows: whole }];
}

function headline(verdict: Verdict, result: Result): Headline {
  const { timeScale } = result;
  const drill = drillOf(verdict, result);
  const { measured } = verdict;
  const lab = labValue(verdict, timeScale);
  const scaled = measured !== undefined && lab !== undefined && timeScale !== 1;
  return {
    verdict,
    drill,
    metric: measured?.unit === "writes lost" ? "Writes lost" : metricName(checkerOf(verdict)),
    because: sayingOf(verdict),
    objective:
      measured?.limit === undefined
        ? (promised(objectivesOf(result, drill))[checkerOf(verdict)] ?? "")
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
const promised = (objectives: Objectives): Readonly<Record<string, string>> => {
  const within = (limit: number | undefined) => (limit === undefined ? {} : { limit: objective(limit, "ms") });
  const stored = within(objectives.rpoObjectsWithinMs).limit ?? "";
  return {
    rto: objective(objectives.rtoWithinMs, "ms"),
    "rpo-database": objective(objectives.rpoDatabaseWithinMs, "ms"),
    "rpo-objects": stored,
    "rpo-images": stored,
    tasks: objective(objectives.tasksLostAtMost, "tasks lost"),
    "one-active-cluster": objective(0, "deployments in two regions"),
    "single-writer": objective(0, "stray writes"),
    "time-unprotected": within(objectives.unprotectedWithinMs).limit ?? "",
    "write-stall": within(objectives.stalledWithinMs).limit ?? "",
  };
};

const objective = (limit: number, unit: string): string => (limit === 0 ? "none" : `at most ${quantity(limit, unit)}`);

const acronyms = new Map(["rto", "rpo", "dns", "fis"].map((word) => [word, word.toUpperCase()]));

/** Checkers whose own name would not say what was asked, or would be too long for a column. */
const names: Readonly<Record<string, string>> = {
  "cross-store": "Stores agree",
  "given-up": "Region given up",
  "one-active-cluster": "One cluster",
  refused: "Refused to break",
  "single-writer": "One writer",
  "standby-composition": "Standby",
  "time-unprotected": "Unprotected",
  "write-stall": "Writes held back",
};

/** `rpo-database` is `RPO database`. */
export function metricName(checker: string): string {
  const known = names[checker];
  if (known !== undefined) return known;
  const words = checker.split("-").map((word) => acronyms.get(word) ?? word);
  const name = words.join(" ");
  return name.charAt(0).toUpperCase() + name.slice(1);
}
