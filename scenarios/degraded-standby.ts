import { degradedStandbyCheckers } from "../checkers/index.ts";
import { degradeStandby } from "../faults/degrade-standby.ts";
import { breaking, ground } from "./ground.ts";
import type { Promised } from "./index.ts";

/** How long a broken standby may go unnoticed, in lab time. */
const foundWithinMs = 30_000;

/** A standby that could not take over. The steady-state check must say so before anything is broken, and then nothing may be broken. */
export const degradedStandby: Promised = {
  checkers: degradedStandbyCheckers,
  make: (input) => ({
    ...ground(input),
    name: "degraded-standby",
    title: "Refuse to break what could not recover",
    promise: "A standby that could not take over is found within 30 s, and the game day refuses to break anything.",
    acts: [
      breaking(degradeStandby({ component: input.options.standbyComponent }), {
        act: "refuse",
        withinMs: foundWithinMs,
      }),
    ],
  }),
};
