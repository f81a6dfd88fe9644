import { setTimeout as timeout } from "node:timers/promises";
import type { Clock, Millis } from "./types.ts";

/** The run's clock: monotonic since its creation, anchored to wall time once. */
export function startClock(): Clock {
  const origin = process.hrtime.bigint();
  const wallOriginMs = Date.now();
  const now = (): Millis => Number((process.hrtime.bigint() - origin) / 1_000_000n);
  return {
    wallOriginMs,
    now,
    every: (firstMs, everyMs, act) => openSchedule({ now }, firstMs, everyMs, act),
    sleep: async (forMs, signal) => {
      await timeout(Math.max(0, forMs), undefined, signal ? { signal } : {}).catch((error: unknown) => {
        throw signal?.aborted ? signal.reason : error;
      });
    },
  };
}

/** The wall clock under watch. */
export interface ClockWatch extends Disposable {
  /** How often it was compared so far, and how far it is now from where the run's clock and its anchor would put it. */
  seen(): { readonly checks: number; readonly driftMs: Millis };
}

/** Calls `onStep` with the size of each step of the wall clock over `toleranceMs`, positive when it jumped ahead. */
export function watchWallClock(
  clock: Clock,
  onStep: (stepMs: Millis) => void,
  {
    toleranceMs = 50,
    everyMs = 1_000,
    wallNow = Date.now,
  }: { toleranceMs?: Millis; everyMs?: Millis; wallNow?: () => number } = {},
): ClockWatch {
  let offsetMs = wallNow() - clock.wallOriginMs - clock.now();
  let checks = 0;
  const timer = setInterval(() => {
    checks += 1;
    const seenMs = wallNow() - clock.wallOriginMs - clock.now();
    if (Math.abs(seenMs - offsetMs) > toleranceMs) onStep(Math.round(seenMs - offsetMs));
    offsetMs = seenMs;
  }, everyMs);
  timer.unref();
  return { seen: () => ({ checks, driftMs: Math.round(offsetMs) }), [Symbol.dispose]: () => clearInterval(timer) };
}

function openSchedule(
  clock: Pick<Clock, "now">,
  firstMs: Millis,
  everyMs: Millis,
  act: (due: Millis) => void,
): Disposable {
  let due = firstMs;
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    timer = setTimeout(
      () => {
        // Every due time that has come is acted on, late ones too: a skipped sample would hide an outage.
        while (due <= clock.now()) {
          act(due);
          due += everyMs;
        }
        arm();
      },
      Math.max(0, due - clock.now()),
    );
  };
  arm();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
