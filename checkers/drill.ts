import type { CheckContext, Checker, Drill, Verdict } from "../harness/types.ts";

/** The context of one drill: its regions and its own promises. Undefined when the run has no such drill. */
export function contextOfDrill(context: CheckContext, name: string): CheckContext | undefined {
  const drill = context.drills?.find((one) => one.name === name);
  if (drill === undefined) return undefined;
  return {
    ...context,
    drill,
    regions: { ...context.regions, lost: drill.from, survivor: drill.to },
    objectives: { ...context.objectives, ...stated(drill) },
  };
}

const stated = ({ objectives = {} }: Drill) =>
  Object.fromEntries(Object.entries(objectives).filter(([, value]) => value !== undefined));

/** The same question, asked of one drill of a run that has several. */
export const inDrill = (name: string, checker: Checker): Checker => ({
  name: `${name}-${checker.name}`,
  kind: checker.kind,
  check(history, context) {
    const narrowed = contextOfDrill(context, name);
    const verdict: Verdict =
      narrowed === undefined
        ? {
            checker: checker.name,
            kind: checker.kind,
            outcome: "unknown",
            because: "there was no such drill",
            evidence: [],
          }
        : checker.check(history, narrowed);
    return { ...verdict, checker: `${name}-${checker.name}`, drill: name, because: `${name}: ${verdict.because}` };
  },
});
