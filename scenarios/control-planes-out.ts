import { controlPlanesOutCheckers } from "../checkers/index.ts";
import { askControlPlane } from "../failover/control-plane.ts";
import { controlPlanesOut } from "../faults/control-planes-out.ts";
import { loseRegion } from "../faults/lose-region.ts";
import { breaking, drill, ground, live, outageAtMostMs } from "./ground.ts";
import type { Promised } from "./index.ts";

/**
 * The pair is elsewhere and well when the global control planes go. Nobody may notice; and when the primary region is lost while they are away, the
 * failover may not wait for them.
 */
export const controlPlanesOutScenario: Promised = {
  checkers: controlPlanesOutCheckers,
  make: (input) => ({
    ...ground(input),
    name: "control-planes-out",
    title: "Fail over without the global control planes",
    promise:
      "While the control planes of Route 53 and IAM are out nobody notices, and when the primary region vanishes then, every deployment serves again from the other region within an hour all the same.",
    acts: [
      breaking(
        controlPlanesOut({ forAtMostMs: outageAtMostMs(input, input.options.lifeMs) }),
        live(input.options.lifeMs),
        breaking(
          loseRegion({ forAtMostMs: outageAtMostMs(input) }),
          drill({ name: "failover", from: "lost", to: "survivor" }, askControlPlane()),
        ),
      ),
    ],
  }),
};
