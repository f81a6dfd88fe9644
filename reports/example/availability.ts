import type { Random } from "../../harness/types.ts";
import { type Did, did, fail, ok } from "../../history/literal.ts";
import { between, regions, times, timing } from "./times.ts";

const { probeEveryMs, probeWithinMs } = timing;

/** Samples of every deployment: up, silent from the fault on, up again when its pods and the name have moved. */
export function availability(deployments: readonly string[], random: Random, recovers: boolean): Did[] {
  return deployments.flatMap((deployment, n) => {
    const slow = n % 17 === 5 ? between(random, 2_000, 5_500) : 0;
    const podReady = between(random, times.podsFrom, times.podsReady);
    const back = Math.max(podReady, times.dnsMoved) + between(random, 150, 1_500) + slow;
    const upAt = recovers ? back : Number.POSITIVE_INFINITY;
    return [
      { kind: "shallow", client: "fresh", everyMs: probeEveryMs, upAt },
      { kind: "deep", client: "fresh", everyMs: probeEveryMs, upAt: upAt + between(random, 0, 400) },
      { kind: "shallow", client: "sticky", everyMs: 2 * probeEveryMs, upAt: upAt + between(random, 1_000, 5_000) },
    ].flatMap((series, s) => {
      const first = Math.round(((n * 3 + s) / (deployments.length * 3)) * series.everyMs) + 300;
      const dues = Array.from(
        { length: Math.floor((times.end - 1_000 - first) / series.everyMs) },
        (_, k) => first + k * series.everyMs,
      );
      return dues
        .filter((due) => !isPaused(n, due))
        .map((due) => sample({ deployment, kind: series.kind, client: series.client, due }, series.upAt, random));
    });
  });
}

/** The probe of one deployment pauses for a while, so that a gap shows as a gap. */
const isPaused = (n: number, due: number): boolean => n === 41 && due > 46_000 && due < 50_500;

function sample(
  wanted: { deployment: string; kind: string; client: string; due: number },
  upAt: number,
  random: Random,
): Did {
  const lateMs = random.next() < 0.004 ? between(random, 80, 190) : between(random, 0, 6);
  const began = wanted.due + lateMs;
  const before = began < times.dark - 40;
  if (before || began >= upAt) {
    const ms = wanted.kind === "deep" ? between(random, 6, 24) : between(random, 2, 11);
    const seen = before
      ? { region: regions.lost, address: "127.10.0.3" }
      : { region: regions.survivor, address: "127.20.0.3" };
    return did("probe/availability sample", [began, began + ms], wanted, ok({ ...seen, ms, lateMs }));
  }
  // The survivor's load balancer answers before it has anywhere to send to; the lost region says nothing at all.
  const refused = wanted.client === "fresh" && began > times.dnsMoved + 300 && Number.isFinite(upAt);
  const ms = refused ? between(random, 3, 12) : probeWithinMs;
  return did(
    "probe/availability sample",
    [began, began + ms],
    wanted,
    fail(refused ? "HTTP_503" : "TIMEOUT", { ms, lateMs }),
  );
}
