import { deathRule, heartbeatSchedule } from "./heartbeats.ts";
import { heartbeatLine, type TaskEvent } from "./lines.ts";
import type { Slot } from "./plan.ts";
import { type Answer, reason, succeeded, type Wishes } from "./wish.ts";
import type { Surroundings } from "./worker.ts";

/** One try of a task instance, as a worker was given it. */
export interface Task {
  readonly id: string;
  readonly attempt: number;
  readonly durationMs: number;
}

/** The platform says that this try is not (or no longer) this worker's. */
const refused = (answer: Answer): boolean => answer.status === 409 || answer.status === 404;

/** Runs one try to its end: it finished, or it was left, because the platform refused it or after too many lost heartbeats. */
export function* runTask(slot: Slot, task: Task, around: Surroundings): Wishes<"finished" | "left"> {
  const { plan, originMs, client, nowMs, tell } = around;
  const { heartbeatEveryMs, heartbeatTimeoutMs, failedHeartbeatsAtMost, pollEveryMs } = plan.tasks;
  const owner = { hostname: slot.worker, try_number: task.attempt };
  const instance = `/execution/task-instances/${task.id}`;
  const say: Say = (event, type, beganMs, error = "", { status = 0, address = "" } = {}) => {
    const by = status === 0 ? "" : address;
    tell(["t", event, type, slot.index, beganMs, nowMs(), task.id, task.attempt, error, by]);
    return event === "finish" ? "finished" : "left";
  };

  const fetchedMs = nowMs();
  for (;;) {
    const beganMs = nowMs();
    const answer = yield* client.call(slot.host, { method: "PATCH", path: `${instance}/run`, body: owner });
    if (succeeded(answer)) {
      say("start", "ok", beganMs, "", answer);
      break;
    }
    if (refused(answer)) return say("refused", "fail", beganMs, `run: ${reason(answer)}`, answer);
    say("start", answer.status === 0 ? "info" : "fail", beganMs, reason(answer), answer);
    if (nowMs() - fetchedMs > heartbeatTimeoutMs) return say("killed", "ok", beganMs, "it never started");
    yield { untilMs: beganMs + pollEveryMs };
  }

  const startedMs = nowMs();
  const beats = heartbeatSchedule(originMs + slot.phaseMs, heartbeatEveryMs, startedMs);
  const rule = deathRule(failedHeartbeatsAtMost, heartbeatTimeoutMs, startedMs);
  const ending = endOf(slot, task, startedMs, around);
  let endsMs = startedMs + task.durationMs;
  let freeSinceMs = startedMs;
  for (;;) {
    if (endsMs <= beats.dueMs) {
      yield { untilMs: endsMs };
      const outcome = yield* ending.attempt(say);
      if (outcome !== "again") return outcome;
      // A task that could not say its end goes on beating, and tries again after each beat.
      endsMs = beats.dueMs + 1;
      freeSinceMs = nowMs();
      continue;
    }
    yield { untilMs: beats.dueMs };
    const sentMs = nowMs();
    const beat = beats.take(sentMs, freeSinceMs);
    const answer = yield* client.call(slot.host, { method: "PUT", path: `${instance}/heartbeat`, body: owner });
    freeSinceMs = nowMs();
    tell(heartbeatLine(slot.index, beat, freeSinceMs - sentMs, answer.status));
    if (succeeded(answer)) rule.heard(freeSinceMs);
    else if (refused(answer)) return say("refused", "fail", sentMs, `heartbeat: ${reason(answer)}`, answer);
    else if (rule.failed(freeSinceMs)) return say("killed", "ok", sentMs, `last heartbeat: ${reason(answer)}`);
  }
}

type Say = (
  event: TaskEvent,
  type: "ok" | "fail" | "info",
  beganMs: number,
  error?: string,
  answer?: Partial<Answer>,
) => "finished" | "left";

/** The end of a task is three calls (log, output, state). An attempt goes on where the last one failed. */
function endOf(
  slot: Slot,
  task: Task,
  startedMs: number,
  { client, nowMs }: Surroundings,
): { attempt(say: Say): Wishes<"finished" | "left" | "again"> } {
  const { id, attempt } = task;
  const left = ["log", "output", "state"] as const;
  const requests = {
    log: {
      method: "POST",
      path: `/edge_worker/v1/logs/push/${id}/${attempt}`,
      body: `${slot.worker} ran try ${attempt} of ${id} for ${task.durationMs} ms\n`,
    },
    output: {
      method: "POST",
      path: `/execution/xcoms/${id}`,
      // The value names this execution, so that a repeated call can be told from a repeated task.
      body: { worker: slot.worker, try_number: attempt, value: `${slot.worker}/${attempt}/${Math.round(startedMs)}` },
    },
    state: {
      method: "PATCH",
      path: `/execution/task-instances/${id}/state`,
      body: { state: "success", try_number: attempt, hostname: slot.worker },
    },
  } as const;
  let done = 0;
  return {
    *attempt(say) {
      for (let step = left[done]; step !== undefined; step = left[done]) {
        const beganMs = nowMs();
        const answer = yield* client.call(slot.host, requests[step]);
        if (refused(answer)) return say("refused", "fail", beganMs, `${step}: ${reason(answer)}`, answer);
        if (!succeeded(answer)) {
          // An end that is not acknowledged does not count, whatever of it stands in the database: another may do the work again, rightly.
          if (step !== "log")
            say("lost-ack", answer.status === 0 ? "info" : "fail", beganMs, `${step}: ${reason(answer)}`);
          return "again";
        }
        if (step === "state") return say("finish", "ok", beganMs, "", answer);
        done += 1;
      }
      return "finished";
    },
  };
}
