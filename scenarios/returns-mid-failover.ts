import { returnsMidFailoverCheckers } from "../checkers/index.ts";
import { askControlPlane } from "../failover/control-plane.ts";
import { loseRegion } from "../faults/lose-region.ts";
import type { Millis } from "../harness/types.ts";
import { breaking, drill, ground, live, outageAtMostMs } from "./ground.ts";
import type { Promised, ScenarioInput } from "./index.ts";

/** Until the middle of the failover: the alarm takes some 3 s, whatever the pace; then, in real time, the decision 30 s, step 1 300 s and step 2 90 s. */
export const untilMidwayMs = ({ timeScale }: Pick<ScenarioInput, "timeScale">): Millis => 3_500 + 375_000 / timeScale;

/** The lost region is back before the other one has taken over: with a writer, schedulers and an ingress name that still leads there. */
export const returnsMidFailover: Promised = {
  checkers: returnsMidFailoverCheckers,
  make: (input) => ({
    ...ground(input),
    name: "returns-mid-failover",
    title: "The region returns in the middle of the failover",
    promise:
      "When the lost region returns while the platform is on its way to the other one, the failover goes on to its end within the same hour: what was left takes no write and runs nothing, although the name still leads to it for a while.",
    acts: [
      {
        act: "along",
        main: drill({ name: "failover", from: "lost", to: "survivor" }, askControlPlane()),
        acts: [breaking(loseRegion({ forAtMostMs: outageAtMostMs(input) }), live(untilMidwayMs(input)))],
      },
    ],
  }),
};
