import { sleep } from "k6";
import http from "k6/http";
import type { Answer, Wish, Wishes } from "../model/wish.ts";

const waited: Answer = { status: 0 };
/** Early by more than this, a sleep was cut short: the run is over, and going on would only spin. */
const earlyMs = 20;

/** Grants the wishes of the load model one after the other, blocking, until it is over or k6 stops. */
export function carryOut(wishes: Wishes<unknown>, requestTimeoutMs: number): void {
  let step = wishes.next(waited);
  while (!step.done) {
    const wish: Wish = step.value;
    if ("untilMs" in wish) {
      const leftMs = wish.untilMs - Date.now();
      if (leftMs > 0) sleep(leftMs / 1_000);
      if (wish.untilMs - Date.now() > earlyMs) return;
      step = wishes.next(waited);
    } else {
      const response = http.request(wish.method, wish.url, wish.body ?? null, {
        headers: wish.headers,
        timeout: requestTimeoutMs,
        responseType: wish.reads ? "text" : "none",
      });
      // The run is over: the answer that this call did not get says nothing about the platform.
      if (response.status === 0 && response.error.includes("canceled")) return;
      step = wishes.next(
        response.status === 0
          ? { status: 0, error: response.error }
          : { status: response.status, body: wish.reads ? String(response.body) : undefined },
      );
    }
  }
}
