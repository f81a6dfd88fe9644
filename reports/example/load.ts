import type { Random } from "../../harness/types.ts";
import type { ScriptedDeed } from "./script.ts";
import { between, times } from "./times.ts";

/** Share of the tasks whose workers have given up at this moment of the outage, from 0 to 1. */
const given = (at: number): number => Math.min(1, Math.max(0, (at - times.dark - 9_000) / 9_000)) * 0.42;

interface Worker {
  readonly id: string;
  readonly deployment: string;
  /** When it loses patience, if it does. */
  readonly diesAt: number;
}

/** What the load generator saw: a tally per second, and each task's few moments. */
export function load(deployments: readonly string[], tasks: number, random: Random, recovers: boolean): ScriptedDeed[] {
  const backAt = recovers ? times.dnsMoved + 1_300 : Number.POSITIVE_INFINITY;
  const workers = Array.from({ length: tasks }, (_, n): Worker => {
    const share = (n + 0.5) / tasks;
    return {
      id: `worker-${String(n + 1).padStart(4, "0")}`,
      deployment: deployments[n % deployments.length] ?? "",
      diesAt: share < 0.42 ? times.dark + 9_000 + (share / 0.42) * 9_000 : Number.POSITIVE_INFINITY,
    };
  });
  return [
    {
      process: "load/engine",
      f: "start",
      value: { engine: "k6", version: "2.3.0", tasks, deployments: deployments.length },
      began: 900,
      ended: 8_800,
      result: { readyAfterMs: 7_900 },
    },
    ...perSecond(deployments, tasks, random, backAt),
    ...workers.flatMap((worker) => life(worker, random, backAt)),
    {
      process: "load/engine",
      f: "health",
      value: {},
      began: times.end - 400,
      ended: times.end - 300,
      result: { exitCode: 0, droppedIterations: 0, thresholdsFailed: [] },
    },
  ];
}

function perSecond(deployments: readonly string[], tasks: number, random: Random, backAt: number): ScriptedDeed[] {
  const deeds: ScriptedDeed[] = [];
  for (let second = 2; second * 1_000 < times.end; second++) {
    const at = second * 1_000;
    const out = at >= times.dark && at < backAt;
    const ramp = Math.min(1, (second - 1) / 7);
    const back = at < backAt ? 0 : Math.min(1, (at - backAt) / 6_000);
    const alive = Math.round(tasks * ramp * (1 - given(at) * (1 - back)));
    const due = Math.round(alive / 2);
    const failed = out ? due : 0;
    const slow = at >= backAt && at < backAt + 4_000 ? 4 : 1;
    deeds.push({
      process: "load/heartbeats",
      f: "tally",
      value: { second },
      began: at,
      ended: at + 1_000,
      result: {
        alive,
        due,
        sent: due,
        ok: due - failed,
        failed,
        missed: 0,
        lateP50Ms: between(random, 1, 3),
        lateP99Ms: between(random, 9, 31),
        lateMaxMs: between(random, 32, 60),
        msP50: out ? 2_000 : between(random, 3, 6) * slow,
        msP95: out ? 2_000 : between(random, 9, 16) * slow,
        msP99: out ? 2_000 : between(random, 18, 40) * slow,
        failedBy: out
          ? Object.fromEntries(deployments.map((name) => [name, Math.round(failed / deployments.length)]))
          : {},
      },
    });
    for (const client of ["fresh", "sticky"]) {
      const backForClient = client === "fresh" ? backAt : backAt + 3_000;
      const down = at >= times.dark && at < backForClient;
      const sent = between(random, 36, 44);
      deeds.push({
        process: "load/users",
        f: "tally",
        value: { second },
        began: at,
        ended: at + 1_000,
        result: {
          client,
          sent,
          ok: down ? 0 : sent,
          failed: down ? sent : 0,
          dropped: 0,
          msP50: down ? 2_000 : between(random, 5, 9) * slow,
          msP95: down ? 2_000 : between(random, 14, 26) * slow,
          msP99: down ? 2_000 : between(random, 28, 60) * slow,
        },
      });
    }
  }
  return deeds;
}

/** One worker: task after task until the outage; then it waits, or gives up and its task begins again elsewhere. */
function life({ id, deployment, diesAt }: Worker, random: Random, backAt: number): ScriptedDeed[] {
  const deeds: ScriptedDeed[] = [];
  let at = 1_500 + between(random, 0, 6_500);
  for (let n = 0; at < times.end - 4_000; n++) {
    const task = { worker: id, deployment, id: `${deployment}/${id}/${n}` };
    const event = (name: string, began: number, tryNumber: number): ScriptedDeed => ({
      process: "load/tasks",
      f: "task",
      value: { event: name, ...task, try: tryNumber },
      began,
      ended: began + between(random, 3, 12),
    });
    const endsAt = at + between(random, 6_000, 22_000);
    deeds.push(event("start", at, 1));
    if (endsAt > times.dark && at < times.dark && diesAt < backAt) {
      deeds.push(event("killed", Math.round(diesAt), 1));
      if (backAt === Number.POSITIVE_INFINITY) break;
      at = Math.round(backAt) + between(random, 200, 5_500);
      deeds.push(event("start", at, 2));
      at += between(random, 3_000, 8_000);
      if (at > times.end - 2_000) break;
      deeds.push(event("finish", at, 2));
    } else if (endsAt > times.dark && at < times.dark) {
      if (backAt === Number.POSITIVE_INFINITY) break;
      at = Math.max(endsAt, Math.round(backAt) + between(random, 100, 2_000));
      deeds.push(event("finish", at, 1));
    } else {
      at = endsAt;
      if (at > times.end - 2_000) break;
      deeds.push(event("finish", at, 1));
    }
    at += between(random, 40, 200);
  }
  return deeds;
}
