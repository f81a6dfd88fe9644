import { seededRandom } from "../harness/random.ts";
import type { History, Process } from "../harness/types.ts";
import { availability } from "./example/availability.ts";
import { ledger } from "./example/ledger.ts";
import { load } from "./example/load.ts";
import { historyFrom, type ScriptedDeed } from "./example/script.ts";
import { survivor } from "./example/survivor.ts";
import { between, deploymentNames, objectives, regions, timeScale, times, timing } from "./example/times.ts";

export interface ExampleOptions {
  readonly seed?: string;
  readonly deployments?: number;
  readonly tasks?: number;
  /** False: promotion never ends, and the deadline heals. */
  readonly recovers?: boolean;
  /** The platform's own words in its last step: anything at all may stand there. */
  readonly detail?: string;
}

/** A made-up but lifelike run, the same for the same options: for tests of reports and for looking at them. */
export function exampleHistory({
  seed = "4f2a91c3",
  deployments: howMany = 80,
  tasks = 1_200,
  recovers = true,
  detail = "ingress.cluster-1.airflow.example now names us-west-2",
}: ExampleOptions = {}): History {
  const random = seededRandom(seed);
  const deployments = deploymentNames(howMany);
  return historyFrom([
    ...play(seed, deployments, recovers),
    ...fault(),
    ...failover(recovers, detail),
    ...survivor(howMany, random.fork("survivor"), recovers),
    ...availability(deployments, random.fork("availability"), recovers),
    ...ledger(deployments, random.fork("ledger"), recovers),
    ...load(deployments, tasks, random.fork("load"), recovers),
    ...stock(deployments, tasks, random.fork("stock"), recovers),
  ]);
}

function play(seed: string, deployments: readonly string[], recovers: boolean): ScriptedDeed[] {
  const phase = (name: string, began: number, ended: number, error?: string): ScriptedDeed => ({
    process: "run/play",
    f: "phase",
    value: { phase: name },
    began,
    ended,
    ...(error === undefined ? {} : { type: "info", error }),
  });
  const start = {
    schema: 1,
    seed,
    scenario: {
      name: "lose-region",
      title: "Lose the primary region",
      promise:
        "When the primary region is lost, every deployment is served from the other one within an hour, and no task is lost.",
    },
    tier: "lab",
    timeScale,
    wallOriginMs: Date.UTC(2026, 10, 23, 4, 0, 0),
    regions,
    deployments,
    objectives,
    timing,
    fidelity: {
      real: [
        "PostgreSQL 18 with physical replication",
        "AWS wire protocols, spoken to by the unmodified SDK",
        "DNS with TTLs",
      ],
      modelled: ["provisioning, promotion, image pull and pod start delays", "node capacity"],
    },
  };
  const late = recovers ? undefined : "the deadline of 120000 ms after the fault has passed";
  return [
    { process: "run/play", f: "start", value: start, began: 0, ended: 1 },
    phase("load", 120, times.steady - 10),
    phase("steady", times.steady, times.fault - 10),
    phase("fault", times.fault - 5, times.confirmed + 5),
    phase("failover", times.confirmed + 8, times.failedOver + 10, late),
    phase("recovery", times.failedOver + 12, times.stock - 10, late),
    phase("stock", times.stock, times.heal - 20),
    phase("heal", times.heal - 10, times.settle - 10),
    phase("settle", times.settle, times.end),
  ];
}

const fault = (): ScriptedDeed[] => {
  const act = (f: string, began: number, ended: number, rest: Partial<ScriptedDeed>): ScriptedDeed => ({
    process: "fault/lose-region",
    f,
    value: { region: regions.lost, ...(f === "inject" ? { action: "blackout" } : {}) },
    began,
    ended,
    ...rest,
  });
  const action = { id: "aws:ssm:start-automation-execution", state: "running" };
  return [
    act("inject", times.fault, times.dark + 30, {
      result: { experimentId: "EXP7c41f0a9b2d35e86", actions: { "blackout-region": action } },
    }),
    act("confirm", times.dark + 40, times.confirmed, {
      result: {
        how: `a request to ${regions.lost}'s AWS endpoint got no answer within 400 ms`,
        observed: { answered: false },
      },
    }),
    act("heal", times.heal, times.settle - 20, { result: { experimentId: "EXP7c41f0a9b2d35e86" } }),
  ];
};

function failover(recovers: boolean, detail: string): ScriptedDeed[] {
  const process: Process = "failover/control-plane";
  const step = (name: string, began: number, ended: number, rest: Partial<ScriptedDeed> = {}): ScriptedDeed => ({
    process,
    f: "step",
    value: { step: name },
    began,
    ended,
    ...rest,
  });
  const asked = [
    {
      process,
      f: "detect",
      value: {},
      began: times.confirmed + 10,
      ended: times.detected,
      result: { state: `${regions.lost} is unreachable` },
    },
    { process, f: "decide", value: { modelledMs: 30_000 }, began: times.detected, ended: times.decided },
    {
      process,
      f: "request",
      value: { isFailedOver: true },
      began: times.decided,
      ended: times.requested,
      result: { operation: "op-1" },
    },
    step("database-compute", times.requested + 20, times.computeReady + 40, {
      result: { detail: "instance available" },
    }),
  ];
  if (!recovers) {
    const open = {
      type: "info",
      error: "did not end while it was watched",
      result: { detail: "failing-over" },
    } as const;
    return [
      ...asked,
      step("database-failover", times.computeReady + 50, times.failedOver, open),
      {
        process,
        f: "follow",
        value: { operation: "op-1" },
        began: times.requested,
        ended: times.failedOver,
        type: "info",
        error: "the deadline has passed",
      },
    ];
  }
  return [
    ...asked,
    step("database-failover", times.computeReady + 50, times.writerPromoted + 90, {
      result: { detail: "writer promoted" },
    }),
    step("manifests", times.writerPromoted + 100, times.podsReady + 80, { result: { detail: "80 deployments ready" } }),
    step("dns", times.podsReady + 90, times.dnsMoved + 60, { result: { detail } }),
    {
      process,
      f: "follow",
      value: { operation: "op-1" },
      began: times.requested,
      ended: times.failedOver,
      result: { state: "done" },
    },
  ];
}

function stock(
  deployments: readonly string[],
  tasks: number,
  random: ReturnType<typeof seededRandom>,
  recovers: boolean,
): ScriptedDeed[] {
  const perDeployment = Math.ceil(tasks / deployments.length);
  return deployments.map((deployment): ScriptedDeed => {
    const began = times.stock + between(random, 10, 400);
    const read = {
      process: "probe/tasks",
      f: "read",
      value: { deployment },
      began,
      ended: began + between(random, 20, 90),
    } as const;
    if (!recovers) return { ...read, type: "fail", error: "HTTP_503" };
    const rows = Array.from({ length: perDeployment }, (_, n) => `${deployment}/${n}`);
    return {
      ...read,
      result: {
        tasks: rows.map((id, n) => ({ id, try: n % 5 === 0 ? 2 : 1, state: n % 4 === 0 ? "running" : "success" })),
        outputs: rows
          .filter((_, n) => n % 4 !== 0)
          .map((id, n) => ({ id, try: n % 5 === 0 ? 2 : 1, worker: `worker-${n}` })),
      },
    };
  });
}
