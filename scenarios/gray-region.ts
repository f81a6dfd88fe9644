import { grayRegionCheckers } from "../checkers/index.ts";
import { askControlPlane } from "../failover/control-plane.ts";
import { grayRegion } from "../faults/gray-region.ts";
import { breaking, drill, ground, outageAtMostMs } from "./ground.ts";
import type { Promised } from "./index.ts";

/** The primary region answers, late, wrongly or not at all, and reports that it is well. Only its users know. */
export const grayRegionScenario: Promised = {
  checkers: grayRegionCheckers,
  make: (input) => ({
    ...ground(input),
    name: "gray-region",
    title: "The primary region is there and does not work",
    promise:
      "When the primary region answers late, with errors or without an address, though nothing in it is silent, every deployment serves again from the other region within an hour, at most five minutes of metadata are lost, and no task is lost or run twice.",
    acts: [
      breaking(
        grayRegion({ forAtMostMs: outageAtMostMs(input) }),
        drill({ name: "failover", from: "lost", to: "survivor" }, askControlPlane({ alarm: input.options.alarm })),
      ),
    ],
  }),
};
