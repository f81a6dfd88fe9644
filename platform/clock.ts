import { setTimeout as sleep } from "node:timers/promises";

/** Wall time in ms since 1970, as a float that never runs backwards: a clock step during a failover must not bend its durations. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

/** Resolves after the time, or at once when the signal aborts: whoever waits asks the signal next. */
export async function pause(forMs: number, signal?: AbortSignal): Promise<void> {
  await sleep(forMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}

/** Settles as the work does, or rejects after the time. The work goes on: what it did is unknown, and must be asked for again. */
export async function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} did not answer within ${limitMs} ms`)), limitMs);
  work.catch(() => undefined); // Heard through the race, or too late to matter.
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
