import type { Millis } from "../harness/types.ts";
import type { TaskPlan } from "./model/plan.ts";

/** Who holds a task, and who was heard: what a game day waits for. Times are on the run's clock. */
export interface Workforce {
  took(slot: number, atMs: Millis): void;
  heard(slot: number, atMs: Millis): void;
  finished(slot: number, atMs: Millis): void;
  /** Given up or refused: the worker has no task, and that is not well. */
  dropped(slot: number, atMs: Millis): void;
  /** Remembers a sentence for whoever has to wait. */
  troubled(sentence: string): void;
  readonly running: number;
  /** The most tasks alive at one moment since the last call and before `atMs`. Call it with growing times. */
  mostAliveUntil(atMs: Millis): number;
  /** Undefined while every worker has a task whose heartbeats are answered, apart from the moment between two tasks. */
  standing(nowMs: Millis): string | undefined;
}

export function createWorkforce({
  workers,
  heartbeatEveryMs,
}: Pick<TaskPlan, "workers" | "heartbeatEveryMs">): Workforce {
  const holding = new Set<number>();
  /** When each worker was last known to be well: heard, or between two tasks. */
  const wellMs = new Map<number, Millis>();
  let changes: { atMs: Millis; by: 1 | -1 }[] = [];
  let alive = 0;
  let lastTrouble = "";
  const quietForMs = 3 * heartbeatEveryMs;
  const left = (slot: number, atMs: Millis): void => {
    if (holding.delete(slot)) changes.push({ atMs, by: -1 });
  };

  return {
    took(slot, atMs) {
      wellMs.set(slot, atMs);
      if (holding.has(slot)) return;
      holding.add(slot);
      changes.push({ atMs, by: 1 });
    },
    heard: (slot, atMs) => void wellMs.set(slot, atMs),
    finished(slot, atMs) {
      wellMs.set(slot, atMs);
      left(slot, atMs);
    },
    dropped(slot, atMs) {
      wellMs.delete(slot);
      left(slot, atMs);
    },
    troubled(sentence) {
      lastTrouble = sentence;
    },
    get running() {
      return holding.size;
    },
    mostAliveUntil(atMs) {
      const due = changes.filter((change) => change.atMs < atMs).sort((a, b) => a.atMs - b.atMs);
      changes = changes.filter((change) => change.atMs >= atMs);
      let most = alive;
      for (const { by } of due) {
        alive += by;
        most = Math.max(most, alive);
      }
      return most;
    },
    standing(nowMs) {
      const well = [...wellMs.values()].filter((atMs) => nowMs - atMs <= quietForMs).length;
      if (well === workers) return undefined;
      return `${well} of ${workers} workers have a task that was heard in the last ${quietForMs} ms${lastTrouble && `; last trouble: ${lastTrouble}`}`;
    },
  };
}
