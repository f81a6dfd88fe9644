import { NotYet } from "./errors.ts";
import type { Clock, Millis } from "./types.ts";

export interface Patience {
  readonly clock: Clock;
  readonly withinMs: Millis;
  readonly everyMs?: Millis;
  readonly signal?: AbortSignal;
  readonly hint?: string;
}

/**
 * Reads until `accept` says yes, and gives what was read. Throws `NotYet` with the last value or error seen when the time is over,
 * and the signal's reason when it is aborted.
 */
export async function until<T>(
  what: string,
  read: () => Promise<T> | T,
  accept: (value: T) => boolean,
  { clock, withinMs, everyMs = 100, signal, hint }: Patience,
): Promise<T> {
  const deadline = clock.now() + withinMs;
  let last = "nothing yet";
  let cause: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const value = await read();
      if (accept(value)) return value;
      last = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
      cause = undefined;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
      cause = error;
    }
    const leftMs = deadline - clock.now();
    if (leftMs <= 0)
      throw new NotYet(`${what} did not happen within ${withinMs} ms; last seen: ${last}`, { hint, cause });
    await clock.sleep(Math.min(everyMs, leftMs), signal);
  }
}
