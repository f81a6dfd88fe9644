import type { Random } from "../../harness/types.ts";
import type { ScriptedDeed } from "./script.ts";
import { between, regions, times, timing } from "./times.ts";

/** Samples of every deployment: up, silent from the fault on, up again when its pods and the name have moved. */
export function availability(deployments: readonly string[], random: Random, recovers: boolean): ScriptedDeed[] {
  return deployments.flatMap((deployment, n) => {
    const slow = n % 17 === 5 ? between(random, 2_000, 5_500) : 0;
    const podReady = between(random, times.podsFrom, times.podsReady);
    const upAt = recovers
      ? Math.max(podReady, times.dnsMoved) + between(random, 150, 1_500) + slow
      : Number.POSITIVE_INFINITY;
    const letsGoAt = upAt + between(random, 1_000, 5_000);
    const refusesAt = times.dnsMoved + between(random, 0, 500);
    const series = [
      { kind: "shallow", client: "fresh", everyMs: timing.probeEveryMs, upAt },
      { kind: "deep", client: "fresh", everyMs: timing.probeEveryMs, upAt: upAt + between(random, 0, 400) },
      { kind: "shallow", client: "sticky", everyMs: 2 * timing.probeEveryMs, upAt: letsGoAt },
    ];
    return series.flatMap((one, s) => {
      const deeds: ScriptedDeed[] = [];
      const first = Math.round(((n * 3 + s) / (deployments.length * 3)) * one.everyMs) + 300;
      for (let due = first; due < times.end - 1_000; due += one.everyMs) {
        // The probe of one deployment pauses, so that a gap shows as a gap.
        if (n === 41 && due > 46_000 && due < 50_500) continue;
        const lateMs = random.next() < 0.004 ? between(random, 80, 260) : between(random, 0, 6);
        const began = due + lateMs;
        if (began < times.steady - between(random, 500, 3_000)) continue;
        const common = {
          process: "probe/availability",
          f: "sample",
          value: { deployment, kind: one.kind, client: one.client, due },
          began,
        } as const;
        const good = began < times.dark - 40 || began >= one.upAt;
        const ms = good
          ? between(random, one.kind === "deep" ? 6 : 2, one.kind === "deep" ? 24 : 11)
          : timing.probeWithinMs;
        const gone = began > refusesAt && one.client === "fresh";
        const failedMs = gone ? between(random, 3, 12) : ms;
        deeds.push(
          good
            ? {
                ...common,
                ended: began + ms,
                result: {
                  region: began < times.dark ? regions.lost : regions.survivor,
                  address: began < times.dark ? "127.10.0.3" : "127.20.0.3",
                  ms,
                  lateMs,
                },
              }
            : {
                ...common,
                ended: began + failedMs,
                type: "fail",
                error: gone ? "HTTP_503" : "TIMEOUT",
                result: { ms: failedMs, lateMs },
              },
        );
      }
      return deeds;
    });
  });
}
