import type { Drill, Objectives, Result, Verdict } from "../harness/types.ts";

/** What is asked of one change of region; everything else is asked of the whole run. */
const askedOfADrill = new Set(["rto", "rpo-database", "rpo-objects", "rpo-images", "cross-store", "tasks", "stages"]);

/** The drill that a verdict judges. A verdict that names none judges the first one, if it is of a kind that judges drills. */
export const drillOf = ({ checker, drill }: Verdict, { drills = [] }: Pick<Result, "drills">): Drill | undefined =>
  drill === undefined
    ? askedOfADrill.has(checker)
      ? drills[0]
      : undefined
    : (drills.find(({ name }) => name === drill) ?? { name: drill, from: "", to: "" });

/** The checker's own name: `failback-rto` of the failback is `rto`. */
export const checkerOf = ({ checker, drill }: Pick<Verdict, "checker" | "drill">): string =>
  drill !== undefined && checker.startsWith(`${drill}-`) ? checker.slice(drill.length + 1) : checker;

/** What a verdict says, without the drill's name before it: the reader has that already. */
export const sayingOf = ({ because, drill }: Pick<Verdict, "because" | "drill">): string =>
  drill !== undefined && because.startsWith(`${drill}: `) ? because.slice(drill.length + 2) : because;

/** What a checker said of a drill; without one, of the run. */
export const verdictOf = (
  result: Pick<Result, "verdicts" | "drills">,
  checker: string,
  drill?: string,
): Verdict | undefined =>
  result.verdicts.find((one) => checkerOf(one) === checker && drillOf(one, result)?.name === drill);

export const objectivesOf = ({ objectives }: Pick<Result, "objectives">, drill: Drill | undefined): Objectives => ({
  ...objectives,
  ...Object.fromEntries(Object.entries(drill?.objectives ?? {}).filter(([, value]) => value !== undefined)),
});

/** `failback, us-west-2 to us-east-2`. */
export const drillTitle = ({ name, from, to }: Drill): string => (from === "" ? name : `${name}, ${from} to ${to}`);
