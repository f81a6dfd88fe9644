import type { Random } from "../../harness/types.ts";
import { type Did, did, type Ending, fail, ok } from "../../history/literal.ts";
import { between, regions, times } from "./times.ts";

/** What probes saw of the survivor and of the lost region itself: one witness per stage, replication lag, reachability. */
export function survivor(deployments: number, random: Random, recovers: boolean): Did[] {
  const looks = Array.from({ length: Math.floor((times.end - 1_500) / 250) }, (_, n) => 500 + n * 250);
  return looks.flatMap((at) => [
    ...Object.entries(sights(at, deployments, recovers)).map(([stage, end]) => {
      const began = at + between(random, 0, 20);
      return did("probe/witness look", [began, began + between(random, 2, 14)], { stage }, end);
    }),
    ...(at % 500 === 0 ? [reachability(at)] : []),
    ...(at % 1_000 === 0 ? [lag(at, random, recovers)] : []),
  ]);
}

function reachability(at: number): Did {
  const answered = at < times.dark - 20 || at > times.heal + 300;
  return did(
    "probe/reachability sample",
    [at + 40, at + (answered ? 44 : 940)],
    { region: regions.lost },
    ok({ answered }),
  );
}

function lag(at: number, random: Random, recovers: boolean): Did {
  const lagMs = at < times.dark ? between(random, 38, 90) : between(random, 60, 70) + (at - times.dark);
  const end = at > times.writerPromoted && recovers ? fail("no data") : ok({ lagMs });
  return did("probe/replication sample", [at + 70, at + 82], { region: regions.survivor }, end);
}

const seen = (done: boolean, state: string): Ending => ok({ done, state });

function sights(at: number, deployments: number, recovers: boolean): Record<string, Ending> {
  const progress = (at - times.podsFrom) / (times.podsReady - times.podsFrom);
  const ready = recovers ? Math.floor(Math.min(1, Math.max(0, progress)) * deployments) : 0;
  const hasCompute = at > times.computeReady;
  const hasWriter = recovers && at > times.writerPromoted;
  const hasMoved = recovers && at > times.dnsMoved;
  return {
    compute: seen(hasCompute, hasCompute ? "available" : at < times.requested + 300 ? "headless" : "creating"),
    writer: hasCompute ? seen(hasWriter, hasWriter ? "writer" : "standby") : fail("ECONNREFUSED"),
    pods: seen(ready === deployments, `${ready} of ${deployments} ready`),
    dns: seen(hasMoved, hasMoved ? regions.survivor : regions.lost),
  };
}
