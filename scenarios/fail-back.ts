import { failBackCheckers } from "../checkers/index.ts";
import { askForFailback, askForMove, followCleanUp } from "../failover/control-plane.ts";
import { drill, ground, protectedAgain } from "./ground.ts";
import type { Promised } from "./index.ts";

/** The planned way back by itself: the run begins on the region that had taken over, healthy and protected. */
export const failBack: Promised = {
  checkers: failBackCheckers,
  make: (input) => ({
    ...ground(input),
    name: "fail-back",
    title: "Back to the primary region",
    promise:
      "A healthy platform that lives in its second region moves back under full load within an hour, and not one acknowledged write is lost.",
    prepare: [
      { act: "ask", plan: askForMove() },
      { act: "recover" },
      protectedAgain(input),
      { act: "ask", plan: followCleanUp() },
    ],
    acts: [
      drill({ name: "failback", from: "survivor", to: "lost", objectives: { writesLostAtMost: 0 } }, askForFailback()),
    ],
  }),
};
