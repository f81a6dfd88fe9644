import { duration } from "../../harness/words.ts";
import { type FoundEdge, keyOf } from "./edges.ts";
import { type Done, keysOf, type SweepPlan } from "./journal.ts";
import { type Baseline, baselineOf, type Outcome, outcomeOf } from "./played.ts";

/** A sweep's result: services down, regions across. */
export interface Matrix {
  readonly plan: SweepPlan;
  readonly baseline: Baseline | undefined;
  readonly regions: readonly string[];
  readonly services: readonly string[];
  /** Undefined: nothing leans on it. */
  cell(service: string, region: string): Cell | undefined;
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly edge: FoundEdge;
  /** Undefined while it has not been played. */
  readonly outcome: Outcome | undefined;
}

export function matrixOf(plan: SweepPlan, done: ReadonlyMap<string, Done>): Matrix {
  const baselines = keysOf(plan).slice(0, plan.baselines);
  const baseline = baselineOf(baselines.flatMap((key) => done.get(key)?.played ?? []));
  const cells = plan.edges.map((edge): Cell => {
    const one = done.get(keyOf(edge));
    return { edge, outcome: one && outcomeOf(one.played, baseline) };
  });
  const named = [plan.regions.lost, plan.regions.survivor, plan.regions.controlPlanes];
  const regions = new Set([...named, ...plan.edges.map(({ region }) => region)]);
  const byKey = new Map(cells.map((cell) => [keyOf(cell.edge), cell]));
  return {
    plan,
    baseline,
    regions: [...regions].filter((region) => plan.edges.some((edge) => edge.region === region)),
    services: [...new Set(plan.edges.map(({ service }) => service))].sort(),
    cell: (service, region) => byKey.get(keyOf({ service, region })),
    cells,
  };
}

/** A cell in a word or two. */
export function shortOf(cell: Cell | undefined): string {
  if (cell === undefined) return "–";
  const { outcome } = cell;
  switch (outcome?.outcome) {
    case undefined:
      return "to do";
    case "survives":
      return "survives";
    case "slower":
      return `+${duration(outcome.byMs)}`;
    case "breaks":
      return `breaks: ${outcome.step}`;
    case "unknown":
      return "unknown";
  }
}

/** What is to be said of an edge that does not simply survive; its lines of code last. */
export function sentenceOf({ edge, outcome }: Cell): string | undefined {
  const from = edge.from.length === 0 ? "" : ` Reached from ${edge.from.slice(0, 3).join(", ")}.`;
  switch (outcome?.outcome) {
    case undefined:
    case "survives":
      return undefined;
    case "slower":
      return `took ${duration(outcome.tookMs)}, ${duration(outcome.byMs)} longer than with every edge well.${from}`;
    case "breaks": {
      const after =
        outcome.afterHealMs === null
          ? "It did not arrive after the edge was well again either."
          : `It arrived ${duration(outcome.afterHealMs)} after the edge was well again.`;
      return `not there after ${duration(outcome.withinMs)}, in step ${outcome.step}: ${withoutStop(outcome.because)}. ${after}${from}`;
    }
    case "unknown":
      return `${withoutStop(outcome.because)}.${from}`;
  }
}

/** What others said may end a sentence already. */
const withoutStop = (text: string): string => text.replace(/\.+$/, "");

export const usualOf = ({ baseline, plan }: Matrix): string =>
  baseline === undefined
    ? `none of ${plan.baselines} failovers with every edge well arrived`
    : `with every edge well a failover takes ${duration(baseline.medianMs)} here (${baseline.plays} plays, ${duration(baseline.lowMs)} to ${duration(baseline.highMs)}); provisioning delays are divided by ${plan.timeScale}`;

export const counts = ({ cells }: Matrix): string => {
  const many = (outcome: Outcome["outcome"]): number => cells.filter((one) => one.outcome?.outcome === outcome).length;
  const left = cells.filter(({ outcome }) => outcome === undefined).length;
  return [
    `${many("survives")} ${many("survives") === 1 ? "survives" : "survive"}`,
    `${many("slower")} slower`,
    `${many("breaks")} ${many("breaks") === 1 ? "breaks" : "break"}`,
    ...(many("unknown") === 0 ? [] : [`${many("unknown")} unknown`]),
    ...(left === 0 ? [] : [`${left} to do`]),
  ].join(", ");
};
