import type { Random } from "../../harness/types.ts";
import { type Did, did, ok } from "../../history/literal.ts";
import { between, times } from "./times.ts";

/** When heartbeats are answered again. */
export const backAt = (recovers: boolean): number => (recovers ? times.dnsMoved + 1_300 : Number.POSITIVE_INFINITY);

/** When the first and the last worker lose patience, and how many of all do. */
const patience = { from: times.dark + 9_000, to: times.dark + 18_000, share: 0.42 } as const;

/** When a worker loses patience, if it does. */
export const givesUpAt = (n: number, workers: number): number => {
  const share = (n + 0.5) / workers;
  if (share >= patience.share) return Number.POSITIVE_INFINITY;
  return Math.round(patience.from + (share / patience.share) * (patience.to - patience.from));
};

const givenUp = (at: number): number =>
  patience.share * Math.min(1, Math.max(0, (at - patience.from) / (patience.to - patience.from)));

/** What the load generator counted, second by second. */
export function load(deployments: readonly string[], tasks: number, random: Random, recovers: boolean): Did[] {
  const seconds = Array.from({ length: Math.floor(times.end / 1_000) - 2 }, (_, n) => n + 2);
  const asked = { engine: "k6", version: "2.3.0", tasks, deployments: deployments.length };
  const healthy = { exitCode: 0, droppedIterations: 0, thresholdsFailed: [] };
  return [
    did("load/engine start", [900, 8_800], asked, ok({ readyAfterMs: 7_900 })),
    ...seconds.map((second) => heartbeats(second, deployments, tasks, random, backAt(recovers))),
    ...seconds.flatMap((second) => [
      users(second, "fresh", random, backAt(recovers)),
      users(second, "sticky", random, backAt(recovers) + 3_000),
    ]),
    did("load/engine health", [times.end - 400, times.end - 300], {}, ok(healthy)),
  ];
}

interface Latency {
  readonly msP50: number;
  readonly msP95: number;
  readonly msP99: number;
}

/** Quick before the fault; given up after 2 s while it holds; slow for a few seconds after it. */
function latency(at: number, back: number, random: Random): Latency {
  if (at >= times.dark && at < back) return { msP50: 2_000, msP95: 2_000, msP99: 2_000 };
  const slow = at >= back && at < back + 4_000 ? 4 : 1;
  return {
    msP50: between(random, 4, 8) * slow,
    msP95: between(random, 12, 24) * slow,
    msP99: between(random, 28, 60) * slow,
  };
}

function heartbeats(second: number, deployments: readonly string[], tasks: number, random: Random, back: number): Did {
  const at = second * 1_000;
  const isOut = at >= times.dark && at < back;
  const risen = Math.min(1, (second - 1) / 7);
  const begunAgain = at < back ? 0 : Math.min(1, (at - back) / 6_000);
  const alive = Math.round(tasks * risen * (1 - givenUp(at) * (1 - begunAgain)));
  const due = Math.round(alive / 2);
  const failed = isOut ? due : 0;
  const share = Math.round(failed / deployments.length);
  return did(
    "load/heartbeats tally",
    [at, at + 1_000],
    { second },
    ok({
      alive,
      due,
      sent: due,
      ok: due - failed,
      failed,
      missed: 0,
      lateP50Ms: between(random, 1, 3),
      lateP99Ms: between(random, 9, 31),
      lateMaxMs: between(random, 32, 60),
      ...latency(at, back, random),
      failedBy: isOut ? Object.fromEntries(deployments.map((name) => [name, share])) : {},
    }),
  );
}

function users(second: number, client: "fresh" | "sticky", random: Random, back: number): Did {
  const at = second * 1_000;
  const sent = between(random, 36, 44);
  const failed = at >= times.dark && at < back ? sent : 0;
  const tally = { client, sent, ok: sent - failed, failed, dropped: 0, ...latency(at, back, random) };
  return did("load/users tally", [at, at + 1_000], { second }, ok(tally));
}
