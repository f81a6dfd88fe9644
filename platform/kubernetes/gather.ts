import { pause } from "../clock.ts";

/** Work that is asked for more often than it need be done. */
export interface Gathered {
  soon(): void;
  /** Settles when nothing runs. */
  idle(): Promise<void>;
}

const againAfterMs = 500;

/** Makes a burst of calls one run of the work, a moment later, and never runs it twice at once. What fails is told and done again. */
export function gather(
  work: () => Promise<void>,
  {
    afterMs,
    signal,
    onError = () => undefined,
  }: { afterMs: number; signal: AbortSignal; onError?: (error: unknown) => void },
): Gathered {
  let asked = false;
  let running: Promise<void> | undefined;
  const loop = async () => {
    while (asked && !signal.aborted) {
      await pause(afterMs, signal);
      asked = false;
      if (signal.aborted) break;
      try {
        await work();
      } catch (error) {
        if (signal.aborted) break;
        onError(error);
        asked = true;
        await pause(againAfterMs, signal);
      }
    }
    running = undefined;
  };
  return {
    soon() {
      asked = true;
      running ??= loop();
    },
    idle: () => running ?? Promise.resolve(),
  };
}
