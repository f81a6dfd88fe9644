import { checkers } from "../checkers/index.ts";
import { askControlPlane } from "../failover/control-plane.ts";
import { loseRegion } from "../faults/lose-region.ts";
import { stopControlPlane } from "../faults/stop-control-plane.ts";
import type { Act } from "../harness/types.ts";
import { breaking, drill, ground, live, outageAtMostMs } from "./ground.ts";
import type { Promised } from "./index.ts";

/** The orchestrator is killed in the middle of the failover, three times, and must go on where the world is. */
export const interruptedFailover: Promised = {
  checkers,
  make: (input) => {
    const killed = (afterRealMs: number): Act[] => [
      live(afterRealMs / input.timeScale),
      breaking(stopControlPlane(), live(500)),
    ];
    return {
      ...ground(input),
      name: "interrupted-failover",
      title: "Kill the orchestrator during the failover",
      promise:
        "A failover whose orchestrator is killed three times on its way ends where an undisturbed one does, within the same hour and with no more loss.",
      acts: [
        breaking(loseRegion({ forAtMostMs: outageAtMostMs(input) }), {
          act: "along",
          main: drill({ name: "failover", from: "lost", to: "survivor" }, askControlPlane()),
          // The alarm takes some seconds; then step 1 takes 300 s of real time, step 2 90 s, step 3 about 120 s.
          acts: [live(4_000), ...killed(180_000), ...killed(120_000), ...killed(60_000)],
        }),
      ],
    };
  },
};
