import type { CheckContext, Checker, History, Millis, Outcome, Verdict } from "../harness/types.ts";
import { countOf, some } from "../harness/words.ts";
import { type DoubleRun, doubleRuns } from "./double-runs.ts";
import { within } from "./interval.ts";
import { type Outage, outageOf } from "./outage.ts";
import { recoveries } from "./recovery.ts";
import { type Evidence, type Fate, fateOf, lossBegins, type TaskFate, tasksOf } from "./task-fates.ts";
import { type LoadStart, pairsOf } from "./vocabulary.ts";

export interface TaskOptions {
  /** How long a platform that is back may take to see that nobody works on a task, in real-world time: Airflow's own limit is 5 min. */
  readonly stuckAfterMs?: Millis;
}

/** What became of the tasks that were alive at the fault, and whether any work was done twice. */
export const tasksChecker = ({ stuckAfterMs = 360_000 }: TaskOptions = {}): Checker => ({
  name: "tasks",
  kind: "objective",
  check(history, context) {
    const outage = outageOf(history, context);
    if (outage === undefined) return unknown("no fault was injected, so no task was in danger");
    if (!outage.confirmed) return unknown("the fault was never confirmed, so its time is not known", outage.evidence);
    const waits = { patienceMs: stuckAfterMs / context.timeScale, asksWithinMs: asksWithin(history) };
    const evidence = evidenceOf(history, outage, context, waits);
    if (evidence.alive.length === 0) return unknown("no task was seen alive at the fault", outage.evidence);
    const fates = evidence.alive.map((task) => fateOf(task, evidence));
    return judged(fates, doubleRuns(evidence), evidence, context);
  },
});

const unknown = (because: string, evidence: readonly number[] = []): Verdict => ({
  checker: "tasks",
  kind: "objective",
  outcome: "unknown",
  because,
  evidence,
});

/** The load's workers keep their own time, whatever the pace of the lab. */
const asksWithin = (history: History): Millis =>
  pairsOf<LoadStart>(history, "load/engine", "start")[0]?.invocation.value?.asksWithinMs ?? 0;

function evidenceOf(
  history: History,
  outage: Outage,
  context: CheckContext,
  waits: Pick<Evidence, "patienceMs" | "asksWithinMs">,
): Evidence {
  const back = new Map(
    recoveries(history, outage, context).map(({ name, stable }) => [
      name,
      stable ? (stable.high ?? outage.until) : outage.from.high,
    ]),
  );
  return {
    ...tasksOf(history, outage),
    outage,
    lossBegins: lossBegins(history, outage, context),
    backAt: (deployment) => back.get(deployment) ?? outage.until,
    ...waits,
  };
}

function judged(
  fates: readonly TaskFate[],
  doubles: readonly DoubleRun[],
  { outage, reads }: Evidence,
  context: CheckContext,
): Verdict {
  const { tasksLostAtMost, tasksRunTwiceAtMost } = context.objectives;
  const of = (...wanted: Fate[]): TaskFate[] => fates.filter(({ fate }) => wanted.includes(fate));
  const gone = of("lost", "stuck");
  const lost = { low: gone.length, high: gone.length + of("undecided").length };
  const by = Map.groupBy(doubles, ({ explained }) => explained);
  const [unexplained, unsure] = [by.get("no") ?? [], by.get("undecided") ?? []];
  const twice = { low: unexplained.length, high: unexplained.length + unsure.length };
  const unread = context.deployments.filter((name) => !reads.has(name));
  const outcomes = [within(lost, tasksLostAtMost), within(twice, tasksRunTwiceAtMost)];
  const outcome: Outcome = outcomes.includes("fail")
    ? "fail"
    : outcomes.includes("unknown") || unread.length > 0
      ? "unknown"
      : "pass";
  const lostIsWorse = outcomes[0] !== "pass" || outcomes[1] === "pass";
  const counts = {
    alive: fates.length,
    kept: of("kept").length,
    restarted: of("restarted").length,
    lost: of("lost").length,
    stuck: of("stuck").length,
    goneWithDatabase: of("gone with the database").length,
    undecided: of("undecided").length,
    runTwice: unexplained.length,
    runTwiceExplained: by.get("yes")?.length ?? 0,
    runTwiceUndecided: unsure.length,
  };
  return {
    checker: "tasks",
    kind: "objective",
    outcome,
    because: inWords(counts, unread, gone, unexplained),
    measured: lostIsWorse
      ? { ...lost, limit: tasksLostAtMost, unit: "tasks lost" }
      : { ...twice, limit: tasksRunTwiceAtMost, unit: "tasks run twice" },
    evidence: [
      ...outage.evidence,
      ...gone.slice(0, 10).map(({ index }) => index),
      ...unexplained.slice(0, 10).flatMap(({ evidence }) => evidence),
      ...[...reads.values()].slice(0, 5).map(({ index }) => index),
    ],
    details: { counts, unread, lost: gone, undecided: of("undecided").slice(0, 100), runTwice: doubles.slice(0, 100) },
  };
}

function inWords(
  counts: Readonly<Record<string, number>>,
  unread: readonly string[],
  gone: readonly TaskFate[],
  doubles: readonly DoubleRun[],
): string {
  const {
    alive = 0,
    restarted = 0,
    stuck = 0,
    goneWithDatabase = 0,
    undecided = 0,
    runTwiceExplained = 0,
    runTwiceUndecided = 0,
  } = counts;
  const name = ({ deployment, id }: { deployment: string; id: string }): string => `${deployment}/${id}`;
  const parts = [
    gone.length === 0
      ? "no task lost"
      : `${gone.length} of ${countOf(alive, "task")} lost${stuck > 0 ? `, ${stuck} of them stuck` : ""} (${some(gone.map(name))})`,
    doubles.length === 0 ? "" : `${countOf(doubles.length, "task")} run twice (${some(doubles.map(name))})`,
    restarted === 0 ? "" : `${restarted} of ${alive} restarted`,
    goneWithDatabase === 0 ? "" : `${goneWithDatabase} unknown to the survivor, whose database lost their start`,
    runTwiceExplained === 0
      ? ""
      : `${runTwiceExplained} rightly run again, because their end was never acknowledged or not replicated`,
    runTwiceUndecided === 0
      ? ""
      : `${runTwiceUndecided} run twice for a reason that cannot be known without the ledger`,
    undecided === 0 ? "" : `${undecided} without a certain fate`,
    unread.length === 0 ? "" : `tasks of ${some(unread)} were not read`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}
