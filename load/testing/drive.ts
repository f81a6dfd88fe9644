import type { Line } from "../model/lines.ts";
import type { Exchange, Wishes } from "../model/wish.ts";

export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly tookMs?: number;
}
export interface Driven {
  readonly lines: Line[];
  readonly exchanges: (Exchange & { readonly atMs: number })[];
}

/** Runs wishes on a clock of their own, from 0 to `untilMs`: a wait moves it on, and an exchange by the time that its reply took. */
export function drive(
  begin: (nowMs: () => number, tell: (line: Line) => void) => Wishes<unknown>,
  reply: (exchange: Exchange, atMs: number) => Reply,
  untilMs: number,
): Driven {
  let nowMs = 0;
  const driven: Driven = { lines: [], exchanges: [] };
  const wishes = begin(
    () => nowMs,
    (line) => driven.lines.push(line),
  );
  let step = wishes.next({ status: 0 });
  while (!step.done && nowMs <= untilMs) {
    const wish = step.value;
    if ("untilMs" in wish) {
      if (wish.untilMs > untilMs) break;
      nowMs = Math.max(nowMs, wish.untilMs);
      step = wishes.next({ status: 0 });
    } else {
      driven.exchanges.push({ ...wish, atMs: nowMs });
      const { tookMs = 1, ...answer } = reply(wish, nowMs);
      nowMs += tookMs;
      step = wishes.next(answer);
    }
  }
  return driven;
}
