import type { Evidence } from "./task-fates.ts";
import type { Happened } from "./task-log.ts";

/** A task whose work was done more than once, by its outputs: a status row cannot tell. */
export interface DoubleRun {
  readonly deployment: string;
  readonly id: string;
  /** `try/worker` of each execution. */
  readonly executions: readonly string[];
  /**
   * `yes`: each execution but the last had an end that was never acknowledged and was over before the next began, or one that the database lost
   * with its last commits, so running it again was right. `undecided`: that would explain it, but nobody read what the database lost.
   */
  readonly explained: "yes" | "no" | "undecided";
  readonly evidence: readonly number[];
}

/** Tasks with outputs of several tries or workers, from the survivor's outputs and from the finishes that workers saw acknowledged. */
export function doubleRuns(evidence: Evidence): DoubleRun[] {
  // Nearly all tasks are done once, and need no more than that to be remembered.
  const first = new Map<string, Map<string, Execution>>();
  const executions = new Map<string, { deployment: string; id: string; by: Set<string> }>();
  const executed = (deployment: string, id: string, one: Execution): void => {
    const ids = first.get(deployment) ?? new Map<string, Execution>();
    first.set(deployment, ids);
    const before = ids.get(id) ?? one;
    ids.set(id, before);
    if (before.try === one.try && before.worker === one.worker) return;
    const key = `${deployment} ${id}`;
    const known = executions.get(key) ?? { deployment, id, by: new Set([execution(before)]) };
    executions.set(key, known);
    known.by.add(execution(one));
  };
  for (const [deployment, { outputs }] of evidence.reads)
    for (const output of outputs) executed(deployment, output.id, output);
  for (const one of evidence.log.finishes()) executed(one.deployment, one.id, one);
  return [...executions.values()]
    .filter((one) => inQuestion(one, evidence))
    .map(({ deployment, id, by }) => doubleRun(deployment, id, by, evidence))
    .sort((a, b) => (a.evidence[0] ?? 0) - (b.evidence[0] ?? 0));
}

/** Whatever was over twice before the change of region is not its doing. An execution whose worker told nothing of its end may be. */
function inQuestion(
  { deployment, id, by }: { deployment: string; id: string; by: ReadonlySet<string> },
  { log, outage: { planned, from } }: Evidence,
): boolean {
  const ends = log.of({ deployment, id }).filter(({ event }) => event !== "start");
  if (ends.some(({ event, ended }) => (event === "finish" || event === "lost-ack") && ended >= from.low)) return true;
  const over = (name: string): boolean => ends.some((one) => execution(one) === name && one.ended < from.low);
  return !planned && ![...by].every(over);
}

/** Its worker had left it, given up or told to, before another began with the same work. */
function leftInTime(name: string, happened: readonly Happened[]): boolean {
  const own = happened.filter((one) => execution(one) === name);
  const left = own.find(({ event }) => event === "killed" || event === "refused");
  const began = own.find(({ event }) => event === "start")?.ended ?? Number.NEGATIVE_INFINITY;
  return (
    left !== undefined &&
    !happened.some(
      (one) => one.event === "start" && execution(one) !== name && one.ended >= began && one.began < left.over,
    )
  );
}

interface Execution {
  readonly try: number;
  readonly worker?: string | null;
}
const execution = ({ try: attempt, worker }: Execution): string => `${attempt}/${worker ?? "?"}`;

function doubleRun(deployment: string, id: string, by: ReadonlySet<string>, evidence: Evidence): DoubleRun {
  const happened = evidence.log.of({ deployment, id });
  const lossBegins = evidence.lossBegins(deployment);
  const { from } = evidence.outage;
  const why = [...by].map((name) => {
    const ends = happened.filter((one) => execution(one) === name);
    const unheard = ends.some(({ event }) => event === "lost-ack");
    const acked = ends.find(({ event, type }) => event === "finish" && type === "ok");
    if (acked === undefined) return unheard || leftInTime(name, happened) ? "yes" : "no";
    if (acked.ended > from.high) return "no";
    if (lossBegins === undefined) return "undecided";
    return acked.ended >= lossBegins ? "yes" : "no";
  });
  // One execution is due: the last one needs no excuse.
  const unexcused = why.filter((one) => one === "no").length;
  const undecided = why.filter((one) => one === "undecided").length;
  return {
    deployment,
    id,
    executions: [...by],
    explained: unexcused > 1 ? "no" : unexcused + undecided > 1 ? "undecided" : "yes",
    evidence: happened.filter(({ event }) => event !== "start").map(({ index }) => index),
  };
}
