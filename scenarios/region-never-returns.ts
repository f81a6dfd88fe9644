import { regionNeverReturnsCheckers } from "../checkers/index.ts";
import { askControlPlane, askToGiveUp } from "../failover/control-plane.ts";
import { loseRegion } from "../faults/lose-region.ts";
import { breaking, drill, ground, live, outageAtMostMs } from "./ground.ts";
import type { Promised } from "./index.ts";

/** The region is given up. The platform must live on where it is, say plainly that nothing protects it, and offer a new second region. */
export const regionNeverReturns: Promised = {
  checkers: regionNeverReturnsCheckers,
  make: (input) => ({
    ...ground(input),
    name: "region-never-returns",
    title: "The region never returns",
    promise:
      "When the lost region is given up for good, the platform lets go of it without asking it, goes on undisturbed, says that it is unprotected, and offers other regions to stand by.",
    acts: [
      breaking(
        loseRegion({ forAtMostMs: outageAtMostMs(input, input.options.lifeMs) }),
        drill({ name: "failover", from: "lost", to: "survivor" }, askControlPlane()),
        { act: "ask", plan: askToGiveUp() },
        live(input.options.lifeMs),
      ),
    ],
  }),
};
