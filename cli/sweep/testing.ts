import { egressHistory } from "../../reports/example/egress.ts";
import { regions } from "../../reports/example/times.ts";
import type { FoundEdge } from "./edges.ts";
import type { Done, SweepPlan } from "./journal.ts";
import type { Played } from "./played.ts";

export const history = egressHistory;
export { regions };

export const edge = (service: string, region: string, change: Partial<FoundEdge> = {}): FoundEdge => ({
  service,
  region,
  how: "seen",
  because: `it is in ${region}`,
  by: ["control-plane"],
  from: ["platform/steps.ts:12"],
  ...change,
});

export const plan: SweepPlan = {
  schema: "gameday.sweep/1",
  seed: "s",
  regions,
  timeScale: 30,
  deployments: 2,
  how: "silent",
  withinMs: 60_000,
  baselines: 2,
  edges: [
    edge("rds", "us-west-2"),
    edge("rds", "us-east-2", { from: [] }),
    edge("route53", "us-east-1", { how: "atlas" }),
    edge("s3", "us-west-2"),
    edge("sts", "us-west-2"),
  ],
};

export const arrived = (tookMs: number): Played => ({ end: "arrived", tookMs });
export const stuck = (step: string, afterHealMs: number | null = 4_000): Played => ({
  end: "stuck",
  withinMs: 60_000,
  step,
  because: "the last that was seen",
  afterHealMs,
});

/** A sweep of which all but the last edge is done. */
export const done: ReadonlyMap<string, Done> = new Map(
  Object.entries<Played>({
    "baseline-1": arrived(10_000),
    "baseline-2": arrived(11_000),
    "rds@us-west-2": stuck("database-compute"),
    "rds@us-east-2": arrived(10_500),
    "route53@us-east-1": stuck("dns", null),
    "s3@us-west-2": arrived(14_000),
  }).map(([key, played]) => [key, { played, wallMs: 40_000 }]),
);
