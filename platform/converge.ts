import { failedCall } from "./aws/waits-on.ts";
import { nowMs, pause, within } from "./clock.ts";

/** The call to AWS that somebody waits for: it was not answered, or its effect is not there yet. Services by the names that signatures have. */
export interface WaitsOn {
  readonly service: string;
  readonly operation: string;
  /** Whose API it is. */
  readonly region: string;
  readonly answered: boolean;
}

/** What one look at the world found, and what to do about it. Nothing to do means: wait and look again. */
export type Seen =
  | { readonly done: true; readonly detail: string }
  | {
      readonly done: false;
      readonly detail: string;
      readonly act?: () => Promise<unknown>;
      readonly waitsOn?: WaitsOn;
    };

export type Ask = () => Promise<Seen>;

export interface Patience {
  /** Time between two looks; doubled up to sixteen times while calls fail. */
  readonly everyMs: number;
  /** Limit of one look, and of one act: several calls, each with a limit of its own. */
  readonly lookWithinMs: number;
  /** Limit of the whole; without one it is asked for as long as it takes. */
  readonly withinMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told what was seen last, and what is waited for, where a call to AWS is. */
  readonly onDetail?: (detail: string, waitsOn?: WaitsOn) => void;
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
  const tell = (detail: string, waitsOn?: WaitsOn) => {
    if (detail === lastSeen) return;
    lastSeen = detail;
    onDetail?.(detail, waitsOn);
  };
  for (;;) {
    signal?.throwIfAborted();
    try {
      const seen = await within(lookWithinMs, what, ask());
      tell(seen.detail, seen.done ? undefined : seen.waitsOn);
      if (seen.done) return seen.detail;
      // What is told to stop while it looks does nothing more.
      if (seen.act !== undefined && !signal?.aborted) await within(lookWithinMs, what, seen.act());
      failures = 0;
    } catch (error) {
      failures += 1;
      const call = failedCall(error);
      tell(`asked again, because: ${call === undefined ? "" : `${inWords(call)}: `}${said(error)}`, call);
    }
    if (nowMs() >= deadlineMs) throw new NotReached(what, withinMs, lastSeen);
    await pause(everyMs * 2 ** Math.min(Math.max(failures - 1, 0), 4), signal);
  }
}

const said = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

const inWords = ({ service, operation, region, answered }: WaitsOn): string =>
  answered ? `${service} in ${region} refused ${operation}` : `${service} in ${region} did not answer ${operation}`;
