import type { Act, Drill, DrillPlan, Environment, Fault, Part } from "./types.ts";

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
