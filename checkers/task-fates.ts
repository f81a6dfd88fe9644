import type { CheckContext, History, Millis } from "../harness/types.ts";
import { ledgerOf } from "./ledger.ts";
import type { Outage } from "./outage.ts";
import { type Happened, type TaskLog, taskLog } from "./task-log.ts";
import { eachSucceeded, type TasksRead, taskReads } from "./vocabulary.ts";

/** What became of a task that was alive at the fault. */
export type Fate =
  | "kept"
  | "restarted"
  /** Not in the survivor, or given up there. */
  | "lost"
  /** Neither done nor worked on, long after the platform could have seen that and a worker could have asked for it. */
  | "stuck"
  /** Started inside the database's loss window and unknown to the survivor: `rpo-database` counts that loss. */
  | "gone with the database"
  /** Too early to say, or its deployment was not read. */
  | "undecided";

export interface AliveTask {
  readonly deployment: string;
  readonly id: string;
  readonly try: number;
  readonly worker: string;
  readonly startedAt: Millis;
  /** The op that acknowledged its start. */
  readonly index: number;
}
export interface TaskFate extends AliveTask {
  readonly fate: Fate;
  readonly state?: string;
}

/** Times of the load's own clock are known to this much (a step of the wall clock over it is reported). */
export const CLOCK_TOLERANCE_MS: Millis = 50;

export interface TaskHistory {
  readonly alive: readonly AliveTask[];
  /** What happened to each task before the heal. */
  readonly log: TaskLog;
  /** The last reading of each deployment before the heal, or else after it. */
  readonly reads: ReadonlyMap<string, TaskReading>;
}
export interface TaskReading {
  readonly rows: ReadonlyMap<string, TasksRead["tasks"][number]>;
  readonly outputs: TasksRead["outputs"];
  readonly at: Millis;
  readonly index: number;
}
export function tasksOf(history: History, outage: Outage): TaskHistory {
  const log = taskLog(history, outage.from.low, outage.until);
  const alive = [...log.open()]
    .flatMap((happened) => aliveAt(outage.from.low, happened) ?? [])
    .sort((a, b) => a.index - b.index);
  const reads = new Map<string, TaskReading>();
  for (const { asked, seen, began: at, index } of eachSucceeded(taskReads(history))) {
    if (at <= outage.from.low || (at > outage.until && reads.has(asked.deployment))) continue;
    reads.set(asked.deployment, {
      rows: new Map(seen.tasks.map((row) => [row.id, row])),
      outputs: seen.outputs,
      at,
      index,
    });
  }
  return { alive, log, reads };
}

function aliveAt(at: Millis, happened: readonly Happened[]): AliveTask | undefined {
  let alive: AliveTask | undefined;
  for (const { event, type, ended, deployment, id, try: attempt, worker, index } of happened) {
    if (ended >= at) break;
    if (event === "start" && type === "ok") alive = { deployment, id, try: attempt, worker, startedAt: ended, index };
    else if (isEnd(event) && alive?.try === attempt && alive.worker === worker) alive = undefined;
  }
  return alive;
}

const isEnd = (event: Happened["event"]): boolean => event === "finish" || event === "killed" || event === "refused";

/** The moment after which a commit of a deployment may be missing in the survivor. Undefined: nobody knows. */
export type LossBegins = (deployment: string) => Millis | undefined;

export function lossBegins(history: History, outage: Outage, context: CheckContext): LossBegins {
  const ledger = ledgerOf(history, outage, context);
  const sentAt = new Map(ledger?.deployments.map(({ name, newestKept }) => [name, newestKept?.sentAt]));
  return (deployment) => {
    // What was committed after the newest kept marker was acknowledged after that marker was sent.
    const newest = sentAt.get(deployment);
    return newest === undefined ? undefined : newest - CLOCK_TOLERANCE_MS;
  };
}

/** Everything that a fate is judged by. */
export interface Evidence extends TaskHistory {
  readonly outage: Outage;
  readonly lossBegins: LossBegins;
  /** When a deployment served again. */
  readonly backAt: (deployment: string) => Millis;
  /** How long a platform that is back may take to see that nobody works on a task. */
  readonly patienceMs: Millis;
  /** How long a worker without a task may take to ask for one, its first ask unanswered. */
  readonly asksWithinMs: Millis;
}

/** Judged by what workers met later, and by what the survivor's own rows said at the last reading. */
export function fateOf(task: AliveTask, evidence: Evidence): TaskFate {
  const { log, reads, outage } = evidence;
  const as = (fate: Fate, state?: string | null): TaskFate => ({ ...task, fate, ...(state ? { state } : {}) });
  const later = log.of(task).filter(({ ended }) => ended >= outage.from.low);
  const mine = (one: Happened): boolean => one.try === task.try && one.worker === task.worker;
  if (later.some((one) => one.event === "start" && one.type === "ok" && !mine(one))) return as("restarted");

  const read = reads.get(task.deployment);
  const finished = later.some((one) => one.event === "finish" && mine(one));
  if (read === undefined) return as(finished ? "kept" : "undecided");
  const row = read.rows.get(task.id);
  if (row === undefined) {
    const from = evidence.lossBegins(task.deployment);
    if (from === undefined) return as("undecided");
    return as(task.startedAt >= from ? "gone with the database" : "lost");
  }
  if (row.state === "failed") return as("lost", row.state);
  if (row.state === "success" || finished) return as(row.try > task.try ? "restarted" : "kept", row.state);

  const letGo = later.findLast((one) => (one.event === "killed" || one.event === "refused") && mine(one));
  if (row.state === "running" && row.try === task.try && letGo === undefined) return as("kept", row.state);
  // Nobody works on it: running on a worker that gave it up, or queued for whoever asks next.
  const unseen = row.state === "running" && row.try === task.try;
  const noticedBy = Math.max(letGo?.ended ?? 0, evidence.backAt(task.deployment)) + evidence.patienceMs;
  if (read.at > (unseen ? noticedBy : noticedBy + evidence.asksWithinMs)) return as("stuck", row.state);
  return as(row.try > task.try ? "restarted" : "undecided", row.state);
}
