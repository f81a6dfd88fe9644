import { roundTripCheckers } from "../checkers/index.ts";
import { askControlPlane, askForFailback, followCleanUp } from "../failover/control-plane.ts";
import { loseRegion } from "../faults/lose-region.ts";
import { breaking, drill, ground, live, outageAtMostMs, protectedAgain, protectedInTime } from "./ground.ts";
import type { Promised } from "./index.ts";

/** The whole circle: failover, life on the survivor, the region's return, protection again, and the planned way back. */
export const roundTrip: Promised = {
  checkers: roundTripCheckers,
  make: (input) => {
    const { objectives, ...rest } = ground(input);
    return {
      ...rest,
      objectives: { ...objectives, ...protectedInTime(input) },
      name: "round-trip",
      title: "There and back again",
      promise:
        "A lost region costs at most an hour and five minutes of metadata; when it returns, the platform is protected again without help, and moves back without the loss of a single write.",
      acts: [
        breaking(
          loseRegion({ forAtMostMs: outageAtMostMs(input, input.options.lifeMs) }),
          drill({ name: "failover", from: "lost", to: "survivor" }, askControlPlane()),
          live(input.options.lifeMs),
        ),
        protectedAgain(input),
        { act: "ask", plan: followCleanUp() },
        // Nobody turns back in the moment of arrival, and what stands by now wants to be seen.
        live(input.options.stableMs),
        drill(
          { name: "failback", from: "survivor", to: "lost", objectives: { writesLostAtMost: 0 } },
          askForFailback(),
        ),
      ],
    };
  },
};
