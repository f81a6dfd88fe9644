import type { Act, Drill, DrillPlan, Environment, Fault, Part, Scenario } from "./types.ts";

/** Every act of a list and of those inside it, in the order in which they begin. */
export const flat = (acts: readonly Act[]): Act[] =>
  acts.flatMap((act) => [act, ...("main" in act ? flat([act.main]) : []), ...("acts" in act ? flat(act.acts) : [])]);

export const drillsOf = (acts: readonly Act[]): DrillPlan[] =>
  flat(acts).flatMap((act) => (act.act === "drill" ? [act.drill] : []));

export const faultsOf = (acts: readonly Act[]): Fault[] =>
  flat(acts).flatMap((act) => (act.act === "break" ? [act.fault] : []));

type Regions = Environment["regions"];
export const regionOf = (regions: Regions, part: Part): string => regions[part];

/** A drill with the names of its regions. */
export const named = ({ name, from, to, objectives }: DrillPlan, regions: Regions): Drill => ({
  name,
  from: regionOf(regions, from),
  to: regionOf(regions, to),
  ...(objectives === undefined ? {} : { objectives }),
});

/** A phase of a run as `play` will record it. */
export interface PlannedPhase {
  readonly phase: string;
  readonly drill?: string;
}

/** The phases of a scenario in the order in which they begin, so that a reader of a live run sees what is still to come. */
export const phasesOf = ({ prepare = [], acts }: Pick<Scenario, "prepare" | "acts">): PlannedPhase[] => [
  ...phasesIn(prepare),
  { phase: "load" },
  { phase: "steady" },
  ...phasesIn(acts),
  { phase: "settle" },
];

const names = { recover: "recovery", stock: "stock", live: "life", protect: "protection", refuse: "gate" } as const;

function phasesIn(acts: readonly Act[], drill?: string): PlannedPhase[] {
  // As `play` does it: what waits for a drill bears its name; a fault and its heal do not.
  const named = (phase: string): PlannedPhase => ({ phase, ...(drill === undefined ? {} : { drill }) });
  return acts.flatMap((act): PlannedPhase[] => {
    switch (act.act) {
      case "break":
        return [{ phase: "fault" }, ...phasesIn(act.acts, drill), { phase: "heal" }];
      case "drill":
        return phasesIn(act.acts, act.drill.name);
      case "ask":
        return [named(act.plan.phase)];
      case "along":
        return [...phasesIn([act.main], drill), ...phasesIn(act.acts, drill)];
      default:
        return [named(names[act.act])];
    }
  });
}
