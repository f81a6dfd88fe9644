import { flappingCheckers } from "../checkers/index.ts";
import { askControlPlane } from "../failover/control-plane.ts";
import { loseRegion } from "../faults/lose-region.ts";
import type { Act, Millis } from "../harness/types.ts";
import { breaking, drill, ground, live, outageAtMostMs, protectedAgain, protectedInTime } from "./ground.ts";
import type { Promised } from "./index.ts";
import { untilMidwayMs } from "./returns-mid-failover.ts";

/** Lab ms: long enough to wake up and begin, too short to come to an end. */
const backMs = 2_000;
const goneAgainMs = 3_000;

/** The region comes back and goes again, three times, as in October 2025: each return is a temptation to turn back. */
export const flapping: Promised = {
  checkers: flappingCheckers,
  make: (input) => {
    const { objectives, ...rest } = ground(input);
    const lost = (forMs: Millis): Act => breaking(loseRegion({ forAtMostMs: outageAtMostMs(input) }), live(forMs));
    return {
      ...rest,
      objectives: { ...objectives, ...protectedInTime(input) },
      name: "flapping",
      title: "A region that comes and goes",
      promise:
        "A region that is lost three times in a row is left once and for good: every deployment serves from the other one within an hour of the first loss, nothing that wakes up in between takes a write or runs anything, and after the last return the platform is protected again.",
      acts: [
        {
          act: "along",
          main: drill({ name: "failover", from: "lost", to: "survivor" }, askControlPlane()),
          acts: [lost(untilMidwayMs(input)), live(backMs), lost(goneAgainMs), live(backMs), lost(goneAgainMs)],
        },
        protectedAgain(input),
      ],
    };
  },
};
