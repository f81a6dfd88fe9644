import { replicationStalledCheckers } from "../checkers/index.ts";
import { askControlPlane } from "../failover/control-plane.ts";
import { cutReplication } from "../faults/cut-replication.ts";
import { loseRegion } from "../faults/lose-region.ts";
import { breaking, drill, ground, live, outageAtMostMs } from "./ground.ts";
import type { Promised } from "./index.ts";

/** `rds.global_db_rpo` at its minimum, and what its guard may be late by. Neither it nor the link is divided by the time scale. */
const boundMs = 20_000;
const lateMs = 4_000;

/** Database and objects are behind at the moment of loss. What is lost then must be no more than the bound allows, and all of it must be named. */
export const replicationStalled: Promised = {
  checkers: replicationStalledCheckers,
  make: (input) => {
    const { objectives, ...rest } = ground(input);
    const { cutMs, ledgerEveryMs } = input.options;
    return {
      ...rest,
      name: "replication-stalled",
      title: "Lose a region that nothing was replicated from",
      promise:
        "When replication has been behind for longer than rds.global_db_rpo allows and the region is lost then, no more writes are lost than that bound allows, because commits had been held back; every deployment serves again within an hour.",
      objectives: {
        ...objectives,
        // The oldest lost write is as old as the cut; how many there are is what the bound decides.
        rpoDatabaseWithinMs: (cutMs + boundMs) * input.timeScale,
        writesLostAtMost: Math.ceil((input.deployments * (boundMs + lateMs)) / ledgerEveryMs),
        // Objects have no such bound; what was written since the cut comes late.
        rpoObjectsWithinMs: (cutMs + boundMs) * input.timeScale,
      },
      acts: [
        breaking(
          cutReplication({ forAtMostMs: outageAtMostMs(input, cutMs) }),
          live(cutMs),
          breaking(
            loseRegion({ forAtMostMs: outageAtMostMs(input) }),
            drill({ name: "failover", from: "lost", to: "survivor" }, askControlPlane()),
          ),
        ),
      ],
    };
  },
};
