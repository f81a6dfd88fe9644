import { failover } from "../orchestrator/failover.ts";
import { lookupsOf } from "../orchestrator/lookups.ts";
import type { FailoverRecord } from "../orchestrator/step.ts";
import { answeredAws } from "./aws.ts";
import { Secondary } from "./secondary.ts";

/** Moves a world in memory to where the record says, by the orchestrator itself. */
export async function moveWorld(world: Secondary, record: FailoverRecord): Promise<void> {
  const aws = answeredAws(world.answer);
  await failover({
    record,
    tools: {
      aws,
      resolveAlias: world.resolveAlias,
      lookups: lookupsOf(aws, {}, record.to),
      writeOnce: async () => world.writeOnce(record),
      inflation: { regenerate: async () => world.regenerate(record), look: async () => world.inflation(record) },
    },
    patience: { everyMs: 1, lookWithinMs: 1_000, withinMs: 2_000 },
    onStep: () => undefined,
  });
}

/** A world that has just been moved, with nothing noted yet. */
export async function movedWorld(record: FailoverRecord): Promise<Secondary> {
  const world = new Secondary();
  await moveWorld(world, record);
  world.effects.length = 0;
  world.regions.clear();
  return world;
}
