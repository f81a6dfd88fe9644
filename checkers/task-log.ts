import type { Completion, History, Millis } from "../harness/types.ts";
import { type TaskEvent, taskEvents } from "./vocabulary.ts";

export interface Happened extends TaskEvent {
  readonly type: "ok" | "fail" | "info";
  readonly began: Millis;
  readonly ended: Millis;
  /** When its worker was surely done with the work: told to leave it by a heartbeat, it works on until the answer comes; at its end it has done it before it asks. */
  readonly over: Millis;
  readonly index: number;
}

export type Finish = Pick<Happened, "deployment" | "id" | "try" | "worker">;

/** What happened to each task until some time. */
export interface TaskLog {
  /** The events of one task, in the order of their ends. */
  of(task: Pick<Happened, "deployment" | "id">): readonly Happened[];
  /** The events of each task that was not done with, once, before anything was broken. */
  open(): Iterable<readonly Happened[]>;
  /** Each end of a task that was acknowledged. */
  finishes(): Iterable<Finish>;
}

/** A task that was acknowledged to be begun and to be done by one worker, and of which nothing else is known. */
interface DoneOnce {
  readonly try: number;
  readonly worker: string;
  /** The ops that acknowledged it. */
  readonly begunBy: number;
  readonly doneBy: number;
}

/**
 * Goes through all events of tasks. A long run has millions of them, and nearly all are of tasks that were done once before anything was broken:
 * of these it is only kept who did them, and their events are read again when they are asked for.
 */
export function taskLog(history: History, brokenAt: Millis, until: Millis): TaskLog {
  const deployments = new Map<string, Map<string, readonly Happened[] | DoneOnce>>();
  const eventsOf = (known: readonly Happened[] | DoneOnce | undefined): readonly Happened[] =>
    known === undefined
      ? []
      : "doneBy" in known
        ? [known.begunBy, known.doneBy].map((index) => readAgain(history, index))
        : known;
  for (const { invocation, completion } of taskEvents(history)) {
    if (invocation.value === undefined) throw new Error(`task event ${invocation.index} does not say what happened`);
    if (completion === undefined || completion.time > until) continue;
    const one = happened(invocation.value, invocation.time, completion);
    const tasks = deployments.get(one.deployment) ?? new Map<string, readonly Happened[] | DoneOnce>();
    deployments.set(one.deployment, tasks);
    const all = [...eventsOf(tasks.get(one.id)), one].sort((a, b) => a.ended - b.ended);
    tasks.set(one.id, doneOnce(all, brokenAt) ?? all);
  }
  return {
    of: ({ deployment, id }) => eventsOf(deployments.get(deployment)?.get(id)),
    *open() {
      for (const tasks of deployments.values())
        for (const known of tasks.values()) if (!("doneBy" in known)) yield known;
    },
    *finishes() {
      for (const [deployment, tasks] of deployments)
        for (const [id, known] of tasks)
          if ("doneBy" in known) yield { deployment, id, try: known.try, worker: known.worker };
          else yield* known.filter(({ event, type }) => event === "finish" && type === "ok");
    },
  };
}

/** The calls with which a worker says that its work is done, as its events name them. */
const atItsEnd = /^(log|output|state): /;

function happened(told: TaskEvent, began: Millis, { type, index, time: ended, error = "" }: Completion): Happened {
  const { event, worker, deployment, id, try: attempt } = told;
  const over = event === "refused" && atItsEnd.test(error) ? began : ended;
  return { event, worker, deployment, id, try: attempt, type, began, ended, over, index };
}

function doneOnce([begun, done, ...more]: readonly Happened[], brokenAt: Millis): DoneOnce | undefined {
  if (begun === undefined || done === undefined || more.length > 0) return undefined;
  if (begun.event !== "start" || done.event !== "finish" || begun.type !== "ok" || done.type !== "ok") return undefined;
  if (begun.try !== done.try || begun.worker !== done.worker || done.ended >= brokenAt) return undefined;
  return { try: done.try, worker: done.worker, begunBy: begun.index, doneBy: done.index };
}

function readAgain({ ops }: History, index: number): Happened {
  const completion = ops.at(index);
  const invocation = completion?.type === "invoke" ? undefined : ops.at(completion?.invoke ?? -1);
  if (completion === undefined || completion.type === "invoke" || invocation?.value === undefined)
    throw new Error(`op ${index} acknowledges no task`);
  // It was one of these when it was met first.
  return happened(invocation.value as TaskEvent, invocation.time, completion);
}
