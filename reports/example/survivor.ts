import type { Random } from "../../harness/types.ts";
import type { ScriptedDeed } from "./script.ts";
import { between, regions, times } from "./times.ts";

/** What probes saw of the survivor and of the lost region itself: one witness per stage, replication lag, reachability. */
export function survivor(deployments: number, random: Random, recovers: boolean): ScriptedDeed[] {
  const deeds: ScriptedDeed[] = [];
  for (let at = 500; at < times.end - 1_000; at += 250) {
    for (const [stage, sight] of Object.entries(sights(at, deployments, recovers))) {
      const began = at + between(random, 0, 20);
      deeds.push({
        process: "probe/witness",
        f: "look",
        value: { stage },
        began,
        ended: began + between(random, 2, 14),
        ...sight,
      });
    }
    if (at % 500 === 0) {
      const answered = at < times.dark - 20 || at > times.heal + 300;
      deeds.push({
        process: "probe/reachability",
        f: "sample",
        value: { region: regions.lost },
        began: at + 40,
        ended: at + (answered ? 44 : 940),
        result: { answered },
      });
    }
    if (at % 1_000 === 0) deeds.push(lag(at, random, recovers));
  }
  return deeds;
}

function lag(at: number, random: Random, recovers: boolean): ScriptedDeed {
  const common = {
    process: "probe/replication",
    f: "sample",
    value: { region: regions.survivor },
    began: at + 70,
  } as const;
  if (at > times.writerPromoted && recovers) return { ...common, ended: at + 82, type: "fail", error: "no data" };
  const lagMs = at < times.dark ? between(random, 38, 90) : between(random, 60, 70) + (at - times.dark);
  return { ...common, ended: at + 82, result: { lagMs } };
}

type Sight = Pick<ScriptedDeed, "type" | "result" | "error">;
const seen = (done: boolean, state: string): Sight => ({ result: { done, state } });

function sights(at: number, deployments: number, recovers: boolean): Record<string, Sight> {
  const progressed = (at - times.podsFrom) / (times.podsReady - times.podsFrom);
  const ready = recovers ? Math.round(Math.min(1, Math.max(0, progressed)) * deployments) : 0;
  return {
    compute: seen(
      at > times.computeReady,
      at < times.requested + 300 ? "headless" : at > times.computeReady ? "available" : "creating",
    ),
    writer:
      at < times.computeReady
        ? { type: "fail", error: "ECONNREFUSED" }
        : seen(recovers && at > times.writerPromoted, recovers && at > times.writerPromoted ? "writer" : "standby"),
    pods: seen(ready === deployments, `${ready} of ${deployments} ready`),
    dns: recovers && at > times.dnsMoved ? seen(true, regions.survivor) : seen(false, regions.lost),
  };
}
