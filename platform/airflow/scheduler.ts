import type { Schedule } from "./schedule.ts";

export interface SchedulerOptions {
  readonly schedule: Schedule;
  /** Time between two looks at the queue; `wake` looks at once. */
  readonly everyMs: number;
  /** Time between two searches for tasks without a heartbeat; the first comes one interval after the first look, as in Airflow. */
  readonly checkEveryMs: number;
}

export interface Scheduler extends AsyncDisposable {
  /** A task has ended: there is room for another. */
  wake(): void;
  /** Whether it has ever looked at the queue. */
  ready(): boolean;
}

const breathMs = 50;

/** Keeps the queue filled and finds lost tasks, until disposed. A database that fails is tried again at the next turn. */
export function startScheduler({ schedule, everyMs, checkEveryMs }: SchedulerOptions): Scheduler {
  let ready = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let waitedMs = everyMs;
  let turn: Promise<void> = Promise.resolve();
  let busy = false;
  let checkAtMs = Number.POSITIVE_INFINITY;

  const again = (afterMs: number) => {
    clearTimeout(timer);
    waitedMs = afterMs;
    timer = setTimeout(() => {
      turn = look();
    }, afterMs);
  };
  const look = async () => {
    busy = true;
    try {
      await schedule.fill();
      if (!ready) checkAtMs = performance.now() + checkEveryMs;
      ready = true;
      if (performance.now() >= checkAtMs) {
        checkAtMs += checkEveryMs;
        await schedule.requeueLost();
      }
    } catch {
      // The health check tells of it: the scheduler's heartbeat grows old.
    } finally {
      busy = false;
    }
    if (!stopped) again(Math.min(everyMs, checkEveryMs));
  };
  again(0);

  return {
    ready: () => ready,
    wake() {
      if (!stopped && !busy && waitedMs > breathMs) again(breathMs);
    },
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearTimeout(timer);
      await turn;
    },
  };
}
