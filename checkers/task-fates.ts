import type { CheckContext, History, Millis } from "../harness/types.ts";
import { ledgerOf } from "./ledger.ts";
import type { Outage } from "./outage.ts";
import { succeeded, type TaskEvent, type TasksRead, taskEvents, taskReads } from "./vocabulary.ts";

/** What became of a task that was alive at the fault. */
export type Fate =
  | "kept"
  | "restarted"
  /** Not in the survivor, or given up there. */
  | "lost"
  /** Neither done nor worked on, long after the platform could have seen that. */
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
  /** What happened to each task, by deployment and id, before the heal. */
  readonly events: ReadonlyMap<string, readonly Happened[]>;
  /** The last reading of each deployment before the heal, or else after it. */
  readonly reads: ReadonlyMap<string, TaskReading>;
}
export interface TaskReading {
  readonly rows: ReadonlyMap<string, TasksRead["tasks"][number]>;
  readonly outputs: TasksRead["outputs"];
  readonly at: Millis;
  readonly index: number;
}
export interface Happened extends TaskEvent {
  readonly type: "ok" | "fail" | "info";
  readonly began: Millis;
  readonly ended: Millis;
  /** When its worker was surely done with the work: told to leave it by a heartbeat, it works on until the answer comes; at its end it has done it before it asks. */
  readonly over: Millis;
  readonly index: number;
}

/** The calls with which a worker says that its work is done, as its events name them. */
const atItsEnd = /^(log|output|state): /;

export const taskKey = (task: { deployment: string; id: string }): string => `${task.deployment} ${task.id}`;

export function tasksOf(history: History, outage: Outage): TaskHistory {
  const events = new Map<string, Happened[]>();
  for (const { invocation, completion } of taskEvents(history)) {
    if (invocation.value === undefined) throw new Error(`task event ${invocation.index} does not say what happened`);
    if (completion === undefined || completion.time > outage.until) continue;
    const key = taskKey(invocation.value);
    const { event, worker, deployment, id, try: attempt } = invocation.value;
    const { type, index, time: ended, error = "" } = completion;
    const { time: began } = invocation;
    const over = event === "refused" && atItsEnd.test(error) ? began : ended;
    const one = { event, worker, deployment, id, try: attempt, type, began, ended, over, index };
    // A list that grows has room for 16 more; most tasks have two events, and a long run has millions of tasks.
    events.set(key, [...(events.get(key) ?? []), one]);
  }
  const alive: AliveTask[] = [];
  for (const happened of events.values()) {
    happened.sort((a, b) => a.ended - b.ended);
    const task = aliveAt(outage.from.low, happened);
    if (task !== undefined) alive.push(task);
  }
  const reads = new Map<string, TaskReading>();
  for (const { asked, seen, began: at, index } of succeeded(taskReads(history))) {
    if (at <= outage.from.low || (at > outage.until && reads.has(asked.deployment))) continue;
    reads.set(asked.deployment, {
      rows: new Map(seen.tasks.map((row) => [row.id, row])),
      outputs: seen.outputs,
      at,
      index,
    });
  }
  return { alive, events, reads };
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

const isEnd = (event: TaskEvent["event"]): boolean => event === "finish" || event === "killed" || event === "refused";

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
}

/** Judged by what workers met later, and by what the survivor's own rows said at the last reading. */
export function fateOf(task: AliveTask, evidence: Evidence): TaskFate {
  const { events, reads, outage } = evidence;
  const as = (fate: Fate, state?: string | null): TaskFate => ({ ...task, fate, ...(state ? { state } : {}) });
  const later = (events.get(taskKey(task)) ?? []).filter(({ ended }) => ended >= outage.from.low);
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
  // Nobody works on it: queued for its next try, queued again, or running on a worker that gave it up.
  const noticedBy = Math.max(letGo?.ended ?? 0, evidence.backAt(task.deployment)) + evidence.patienceMs;
  if (read.at > noticedBy) return as("stuck", row.state);
  return as(row.try > task.try ? "restarted" : "undecided", row.state);
}
