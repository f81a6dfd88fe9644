import { checkers } from "../checkers/index.ts";
import { askControlPlane } from "../failover/control-plane.ts";
import { loseRegion } from "../faults/lose-region.ts";
import { breaking, drill, ground, outageAtMostMs } from "./ground.ts";
import type { Promised } from "./index.ts";

/**
 * The lost region is the one that Route 53 and IAM are written in. A failover that writes a record, or makes anything that gets a name, waits for
 * its return; one that switches what was made beforehand does not.
 */
export const lostRegionIsUsEast1: Promised = {
  checkers,
  make: (input) => ({
    ...ground(input),
    name: "lost-region-is-us-east-1",
    title: "Lose the region of the global control planes",
    promise:
      "When us-east-1 vanishes under full load, and the control planes of Route 53 and IAM with it, every deployment serves again from the other region within an hour, at most five minutes of metadata are lost, and no task is lost or run twice.",
    regions: { lost: "us-east-1", controlPlanes: "us-east-1" },
    acts: [
      breaking(
        loseRegion({ forAtMostMs: outageAtMostMs(input) }),
        drill({ name: "failover", from: "lost", to: "survivor" }, askControlPlane()),
      ),
    ],
  }),
};
