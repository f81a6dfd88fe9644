import { nowMs, pause, within } from "./clock.ts";

/** What one look at the world found, and what to do about it. Nothing to do means: wait and look again. */
export type Seen =
  | { readonly done: true; readonly detail: string }
  | { readonly done: false; readonly detail: string; readonly act?: () => Promise<unknown> };

export type Ask = () => Promise<Seen>;

export interface Patience {
  /** Time between two looks; doubled up to sixteen times while calls fail. */
  readonly everyMs: number;
  /** Limit of one look, and of one act: several calls, each with a limit of its own. */
  readonly lookWithinMs: number;
  /** Limit of the whole; without one it is asked for as long as it takes. */
  readonly withinMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told what was seen last. */
  readonly onDetail?: (detail: string) => void;
}

/** The goal was not reached in time; the message carries what was seen last. */
export class NotReached extends Error {
  constructor(what: string, withinMs: number, lastSeen: string) {
    super(`${what} was not reached within ${withinMs} ms; last seen: ${lastSeen}`);
    this.name = "NotReached";
  }
}

/**
 * Asks, acts, asks again, until the goal is seen to be reached. Only a look decides: an act that failed or did not answer
 * may or may not have happened, and the next look tells. So it can be stopped anywhere and begun again from the top.
 */
export async function converge(what: string, ask: Ask, patience: Patience): Promise<string> {
  const { everyMs, lookWithinMs, withinMs = Number.POSITIVE_INFINITY, signal, onDetail } = patience;
  const deadlineMs = nowMs() + withinMs;
  let lastSeen = "nothing yet";
  let failures = 0;
  const tell = (detail: string) => {
    if (detail === lastSeen) return;
    lastSeen = detail;
    onDetail?.(detail);
  };
  for (;;) {
    signal?.throwIfAborted();
    try {
      const seen = await within(lookWithinMs, what, ask());
      tell(seen.detail);
      if (seen.done) return seen.detail;
      // What is told to stop while it looks does nothing more.
      if (seen.act !== undefined && !signal?.aborted) await within(lookWithinMs, what, seen.act());
      failures = 0;
    } catch (error) {
      failures += 1;
      tell(`asked again, because: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`);
    }
    if (nowMs() >= deadlineMs) throw new NotReached(what, withinMs, lastSeen);
    await pause(everyMs * 2 ** Math.min(Math.max(failures - 1, 0), 4), signal);
  }
}
