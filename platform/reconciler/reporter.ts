import { nowMs, pause } from "../clock.ts";

/** Sends reports: one at each interval, and one soon after each call of `soon` that has something new to tell. */
export interface Reporter {
  soon(): void;
  /** Settles when the signal has aborted. */
  readonly ended: Promise<void>;
}

export interface ReporterOptions<T> {
  readonly look: () => T;
  readonly send: (report: T) => Promise<void>;
  readonly everyMs: number;
}

/** Changes come in bursts: what follows within this time goes into one report. */
const gatherMs = 20;

export function reporterOf<T>({ look, send, everyMs }: ReporterOptions<T>, signal: AbortSignal): Reporter {
  let wake = Promise.withResolvers<void>();
  let told: string | undefined;
  const loop = async () => {
    let dueMs = nowMs();
    while (!signal.aborted) {
      const report = look();
      const text = JSON.stringify(report);
      if (text !== told || nowMs() >= dueMs) {
        dueMs = nowMs() + everyMs;
        // A control plane that cannot be reached is told at the next turn; its own clock counts the silence.
        told = await send(report).then(
          () => text,
          () => undefined,
        );
      }
      await Promise.race([pause(Math.max(0, dueMs - nowMs()), signal), wake.promise]);
      wake = Promise.withResolvers();
      await pause(gatherMs, signal);
    }
  };
  return { soon: () => wake.resolve(), ended: loop() };
}
