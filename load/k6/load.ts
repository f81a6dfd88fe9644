import { SharedArray } from "k6/data";
import exec from "k6/execution";
import { Trend } from "k6/metrics";
import type { Options } from "k6/options";
import { createClient } from "../model/client.ts";
import { type ClientKind, type Line, latenessLimit } from "../model/lines.ts";
import { type LoadPlan, slotOf, usersOf } from "../model/plan.ts";
import { callAsUser } from "../model/user.ts";
import { work } from "../model/worker.ts";
import { carryOut } from "./carry-out.ts";

/**
 * The whole load of a game day as one k6 script: workers with tasks, and users. The plan comes in the environment; its deployments are
 * kept once for all virtual users, because 1,200 copies would take more memory than everything else.
 */
const plan: LoadPlan = {
  ...JSON.parse(__ENV["GAMEDAY_LOAD"] ?? "{}"),
  deployments: new SharedArray("deployments", () => JSON.parse(__ENV["GAMEDAY_DEPLOYMENTS"] ?? "[]")),
};
const longerThanAnyRun = "24h";
const lateness = new Trend(latenessLimit.metric);

export const options: Options = {
  scenarios: {
    tasks: {
      executor: "per-vu-iterations",
      exec: "worker",
      vus: plan.tasks.workers,
      iterations: 1,
      maxDuration: longerThanAnyRun,
      gracefulStop: "0s",
    },
    ...(plan.users.perSecond > 0 ? { sticky: users("sticky"), fresh: users("fresh") } : {}),
  },
  // Only the generator's own health: a platform that fails is what the game day is about.
  thresholds: { dropped_iterations: ["count<1"], [latenessLimit.metric]: [latenessLimit.threshold] },
  summaryTrendStats: ["p(99)"],
  discardResponseBodies: true,
  systemTags: [],
  maxRedirects: 0,
};

function users(client: ClientKind) {
  const { perSecond, users: preAllocatedVUs } = usersOf(plan);
  return {
    executor: "constant-arrival-rate" as const,
    exec: client,
    rate: Math.round(perSecond * 60),
    timeUnit: "60s",
    duration: longerThanAnyRun,
    startTime: client === "fresh" ? `${Math.round(500 / perSecond)}ms` : "0s",
    preAllocatedVUs,
    gracefulStop: "0s",
  };
}

const tell = (line: Line): void => {
  if (line[0] === "h" && line[5] === 0) lateness.add(line[3]);
  console.log(JSON.stringify(line));
};
const nowMs = Date.now;
const clients = { sticky: createClient(plan, "sticky", nowMs), fresh: createClient(plan, "fresh", nowMs) };

/** Runs once, when all virtual users are made; every one of them is handed the answer. */
export function setup(): number {
  const originMs = nowMs() + 200;
  tell(["hello", nowMs()]);
  return originMs;
}

export function worker(originMs: number): void {
  const slot = slotOf(plan, exec.scenario.iterationInTest);
  carryOut(work(slot, { plan, originMs, client: clients.sticky, nowMs, tell }), plan.requestTimeoutMs);
}

/** A sticky user stays with the deployment of its first call; a fresh one goes round. */
let home: number | undefined;
export function sticky(): void {
  home ??= exec.scenario.iterationInTest;
  user("sticky", home);
}
export const fresh = (): void => user("fresh", exec.scenario.iterationInTest);

function user(kind: ClientKind, of: number): void {
  const deployment = plan.deployments[of % plan.deployments.length];
  if (deployment === undefined) return;
  const around = { client: clients[kind], nowMs, tell };
  carryOut(callAsUser(deployment.host, exec.scenario.iterationInTest, kind, around), plan.requestTimeoutMs);
}

interface Summary {
  readonly metrics: Readonly<
    Record<
      string,
      { values: Readonly<Record<string, number>>; thresholds?: Readonly<Record<string, { readonly ok: boolean }>> }
    >
  >;
}

export function handleSummary({ metrics }: Summary): Record<string, string> {
  const failed = Object.entries(metrics).flatMap(([name, metric]) =>
    Object.entries(metric.thresholds ?? {})
      .filter(([, threshold]) => !threshold.ok)
      .map(([threshold]) => `${name} ${threshold}`),
  );
  const farewell: Line = ["bye", metrics["dropped_iterations"]?.values["count"] ?? 0, failed];
  return { stdout: `${JSON.stringify(farewell)}\n` };
}
