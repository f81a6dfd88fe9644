import type { Clock } from "../../harness/types.ts";
import type { Answer, Wishes } from "../model/wish.ts";
import type { Connections } from "./connections.ts";

const waited: Answer = { status: 0 };

/** Grants the wishes of the load model one after the other, without blocking the process. */
export async function carryOut(
  wishes: Wishes<unknown>,
  connections: Connections,
  clock: Pick<Clock, "now" | "sleep" | "wallOriginMs">,
): Promise<void> {
  let step = wishes.next(waited);
  while (!step.done) {
    const wish = step.value;
    if ("untilMs" in wish) {
      const leftMs = wish.untilMs - clock.wallOriginMs - clock.now();
      if (leftMs > 0) await clock.sleep(leftMs);
      step = wishes.next(waited);
    } else step = wishes.next(await connections.exchange(wish));
  }
}
