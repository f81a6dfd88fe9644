import type { Client } from "./client.ts";
import type { Tell } from "./lines.ts";
import type { LoadPlan, Slot } from "./plan.ts";
import { runTask, type Task } from "./task.ts";
import { reason, succeeded, type Wishes } from "./wish.ts";

export interface Surroundings {
  readonly plan: Pick<LoadPlan, "tasks">;
  /** Wall time in ms since 1970 at which the first worker starts; every heartbeat is counted from it. */
  readonly originMs: number;
  readonly client: Client;
  readonly nowMs: () => number;
  readonly tell: Tell;
}

const shortestPauseMs = 50;

/** The life of one worker slot, without end: ask for a task, run it, ask for the next. */
export function* work(slot: Slot, around: Surroundings): Wishes<never> {
  const { plan, originMs, nowMs } = around;
  yield { untilMs: originMs + slot.phaseMs };
  let pauseMs = shortestPauseMs;
  for (;;) {
    const askedMs = nowMs();
    const task = yield* nextTask(slot, around);
    const outcome = task === undefined ? "idle" : yield* runTask(slot, task, around);
    // The scheduler queues the next task soon after one has finished. Whoever got none, or was refused, asks less and less often.
    pauseMs = outcome === "finished" ? shortestPauseMs : Math.min(pauseMs * 2, plan.tasks.pollEveryMs);
    yield { untilMs: askedMs + pauseMs };
  }
}

function* nextTask(slot: Slot, { client, nowMs, tell }: Surroundings): Wishes<Task | undefined> {
  const path = `/edge_worker/v1/jobs/fetch/${slot.worker}`;
  const answer = yield* client.call(slot.host, { method: "POST", path, body: {}, reads: true });
  if (answer.status === 204) return undefined;
  const task = succeeded(answer) ? readTask(answer.body) : undefined;
  if (task === undefined) tell(["p", slot.index, nowMs(), succeeded(answer) ? "no job in the answer" : reason(answer)]);
  return task;
}

function readTask(body = ""): Task | undefined {
  try {
    const job: { id?: unknown; try_number?: unknown; duration_ms?: unknown } = JSON.parse(body);
    const { id, try_number: attempt, duration_ms: durationMs } = job;
    if (id === undefined || typeof attempt !== "number" || typeof durationMs !== "number") return undefined;
    return { id: String(id), attempt, durationMs };
  } catch {
    return undefined;
  }
}
