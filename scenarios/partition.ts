import { partitionCheckers } from "../checkers/index.ts";
import { askForMove } from "../failover/control-plane.ts";
import { partition as partitionFault } from "../faults/partition.ts";
import type { Objectives } from "../harness/types.ts";
import { breaking, drill, ground, live, outageAtMostMs } from "./ground.ts";
import type { Promised, ScenarioInput } from "./index.ts";

/** `rds.global_db_rpo` at its minimum, and what its guard may be late by. Neither it nor the link is divided by the time scale. */
const boundMs = 20_000;
const lateMs = 4_000;

interface Apart {
  readonly name: string;
  readonly title: string;
  readonly promise: string;
  readonly oneWay: boolean;
  readonly writesLostAtMost: (input: ScenarioInput) => number;
}

/** The regions lose sight of each other and both live on. Somebody decides to leave one of them, which nobody can fence. */
const apart = ({ name, title, promise, oneWay, writesLostAtMost }: Apart): Promised => ({
  checkers: partitionCheckers,
  make: (input) => {
    const { objectives, ...rest } = ground(input);
    const { cutMs } = input.options;
    const sinceTheCut = (cutMs + boundMs) * input.timeScale;
    const own: Partial<Objectives> = {
      // The oldest lost write is as old as the cut; how many there are is what the bound decides. Objects have no such bound, and come late.
      rpoDatabaseWithinMs: sinceTheCut,
      rpoObjectsWithinMs: sinceTheCut,
      writesLostAtMost: writesLostAtMost(input),
    };
    return {
      ...rest,
      objectives,
      name,
      title,
      promise,
      acts: [
        breaking(
          partitionFault({ oneWay, forAtMostMs: outageAtMostMs(input, cutMs) }),
          live(cutMs),
          drill({ name: "failover", from: "lost", to: "survivor", objectives: own }, askForMove()),
        ),
      ],
    };
  },
});

export const partition = apart({
  name: "partition",
  title: "Cut the regions off from each other",
  promise:
    "When the regions lose sight of each other and both live on, the one that is left stops acknowledging within rds.global_db_rpo, although nobody can fence it: never do both take writes, and no more writes are lost than that bound allows.",
  oneWay: false,
  writesLostAtMost: ({ deployments, options: { ledgerEveryMs } }) =>
    Math.ceil((deployments * (boundMs + lateMs)) / ledgerEveryMs),
});

export const partitionOneWay = apart({
  name: "partition-one-way",
  title: "Cut the second region's way to the primary",
  promise:
    "When the second region cannot reach the primary, which still replicates to it, a failover loses not one acknowledged write, and the primary that cannot be told stops acknowledging within rds.global_db_rpo.",
  oneWay: true,
  writesLostAtMost: () => 0,
});
