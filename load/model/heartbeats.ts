/** A heartbeat that came due, and how the sender met it. */
export interface Beat {
  readonly dueMs: number;
  readonly lateMs: number;
  /** Beats before this one that passed unsent, because the sender was still busy when the next was due. */
  readonly missed: number;
  /** The sender was busy when this one came due: its lateness says something about the platform, not about the generator. */
  readonly blocked: boolean;
}

export interface HeartbeatSchedule {
  readonly dueMs: number;
  /** Takes the newest beat that is due; call it at `nowMs >= dueMs`. `freeSinceMs` is when the sender had nothing else to do. */
  take(nowMs: number, freeSinceMs: number): Beat;
}

/** Absolute times `phaseMs + n * everyMs` from `fromMs` on: an answer that takes long shifts no later beat. */
export function heartbeatSchedule(phaseMs: number, everyMs: number, fromMs: number): HeartbeatSchedule {
  let dueMs = phaseMs + Math.ceil((fromMs - phaseMs) / everyMs) * everyMs;
  return {
    get dueMs() {
      return dueMs;
    },
    take(nowMs, freeSinceMs) {
      const missed = Math.max(0, Math.floor((nowMs - dueMs) / everyMs));
      const takenMs = dueMs + missed * everyMs;
      dueMs = takenMs + everyMs;
      return { dueMs: takenMs, lateMs: Math.max(0, nowMs - takenMs), missed, blocked: freeSinceMs > takenMs };
    },
  };
}

export interface DeathRule {
  heard(atMs: number): void;
  /** Counts one more failed heartbeat and says whether the task must be given up. */
  failed(atMs: number): boolean;
}

/** Airflow's rule for a worker that hears nothing: it ends the task after so many failures in a row, or after so long. */
export function deathRule(failuresAtMost: number, timeoutMs: number, startedMs: number): DeathRule {
  let heardMs = startedMs;
  let failures = 0;
  return {
    heard(atMs) {
      heardMs = atMs;
      failures = 0;
    },
    failed(atMs) {
      failures += 1;
      return failures >= failuresAtMost || atMs - heardMs > timeoutMs;
    },
  };
}
