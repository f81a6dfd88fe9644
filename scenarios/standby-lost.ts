import { standbyLostCheckers } from "../checkers/index.ts";
import { askForLossBound } from "../failover/control-plane.ts";
import { loseRegion } from "../faults/lose-region.ts";
import { breaking, ground, live, outageAtMostMs, protectedAgain, protectedInTime } from "./ground.ts";
import type { Promised } from "./index.ts";

/** The region that stands by vanishes. Nothing needs to move, but a bound on loss may hold the healthy primary back. */
export const standbyLost: Promised = {
  checkers: standbyLostCheckers,
  make: (input) => {
    const { objectives, ...rest } = ground(input);
    return {
      ...rest,
      name: "standby-lost",
      title: "Lose the standby",
      promise:
        "When the region that stands by vanishes, the healthy primary is not held back by rds.global_db_rpo for longer than a few seconds, and it is protected again after the return.",
      primary: "survivor",
      objectives: {
        ...objectives,
        ...protectedInTime(input),
        stalledWithinMs: input.options.stalledWithinMinutes * 60_000,
      },
      acts: [
        breaking(
          loseRegion({ forAtMostMs: outageAtMostMs(input, input.options.standbyLostMs) }),
          { act: "ask", plan: askForLossBound("suspended") },
          live(input.options.standbyLostMs),
          { act: "stock" },
        ),
        { act: "ask", plan: askForLossBound("enforced") },
        protectedAgain(input),
      ],
    };
  },
};
