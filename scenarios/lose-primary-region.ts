import { checkers } from "../checkers/index.ts";
import { askControlPlane } from "../failover/control-plane.ts";
import { loseRegion } from "../faults/lose-region.ts";
import { breaking, drill, ground, outageAtMostMs } from "./ground.ts";
import type { Promised } from "./index.ts";

/** The region of the writer vanishes under full load; the platform must serve from the other one. */
export const losePrimaryRegion: Promised = {
  checkers,
  make: (input) => ({
    ...ground(input),
    name: "lose-primary-region",
    title: "Lose the primary region",
    promise:
      "When the primary region vanishes under full load, every deployment serves again from the other region within an hour, at most five minutes of metadata are lost, and no task is lost or run twice.",
    acts: [
      breaking(
        loseRegion({ forAtMostMs: outageAtMostMs(input) }),
        drill({ name: "failover", from: "lost", to: "survivor" }, askControlPlane()),
      ),
    ],
  }),
};
