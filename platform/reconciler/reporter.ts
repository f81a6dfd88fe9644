import { pause } from "../clock.ts";

/** Sends reports: one at each interval, and one soon after each call of `soon`. */
export interface Reporter {
  soon(): void;
  /** Settles when the signal has aborted. */
  readonly ended: Promise<void>;
}

/** Changes come in bursts: what follows within this time goes into one report. */
const gatherMs = 20;

export function reporterOf(send: () => Promise<void>, everyMs: number, signal: AbortSignal): Reporter {
  let wake = Promise.withResolvers<void>();
  const loop = async () => {
    while (!signal.aborted) {
      // A control plane that cannot be reached is told at the next turn; its own clock counts the silence.
      await send().catch(() => undefined);
      await Promise.race([pause(everyMs, signal), wake.promise]);
      wake = Promise.withResolvers();
      await pause(gatherMs, signal);
    }
  };
  return { soon: () => wake.resolve(), ended: loop() };
}
