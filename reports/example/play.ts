import { type Did, did, type Ending, info, ok } from "../../history/literal.ts";
import { objectives, regions, scenario, timeScale, times, timing } from "./times.ts";

/** The run's own account: its header and its phases. */
export function play(seed: string, deployments: readonly string[], recovers: boolean): Did[] {
  const phase = (name: string, began: number, ended: number, end: Ending = ok()): Did =>
    did("run/play phase", [began, ended], { phase: name }, end);
  const late = recovers ? ok() : info("the deadline of 34000 ms after the fault has passed");
  const header = {
    schema: 2,
    seed,
    scenario,
    tier: "lab",
    timeScale,
    wallOriginMs: Date.UTC(2026, 10, 23, 4),
    regions,
    deployments,
    objectives,
    timing,
    fidelity: {
      real: [
        "PostgreSQL 18 with physical replication over a wide-area link of 30 ms",
        "AWS wire protocols, spoken to by the unmodified SDK clients",
        "DNS with TTLs over UDP, TCP and HTTP",
        "the platform's control plane, reconcilers and deployments",
      ],
      modelled: [
        "provisioning, promotion, image pull and pod start delays, divided by 30",
        "room on nodes",
        "loss of a region as stopped processes: the kernel still completes handshakes",
      ],
    },
  };
  return [
    did("run/play start", [0, 1], header),
    did("run/clock watch", [1, times.end - 10], { toleranceMs: 50 }, ok({ checks: 60, driftMs: 1 })),
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

/** The fault, ordered through FIS and confirmed by an independent look. */
export function fault(): Did[] {
  const experimentId = "EXP7c41f0a9b2d35e86";
  const region = { region: regions.lost };
  const actions = { "blackout-region": { id: "aws:ssm:start-automation-execution", state: "running" } };
  const how = `a request to ${regions.lost}'s AWS endpoint got no answer within 400 ms`;
  return [
    did(
      "fault/lose-region inject",
      [times.fault, times.dark + 30],
      { ...region, action: "blackout" },
      ok({ experimentId, actions }),
    ),
    did(
      "fault/lose-region confirm",
      [times.dark + 40, times.confirmed],
      region,
      ok({ how, observed: { answered: false } }),
    ),
    did("fault/lose-region heal", [times.heal, times.settle - 20], region, ok({ experimentId })),
  ];
}

/** What was asked of the platform, and what it said it did. */
export function failover(recovers: boolean, detail: string): Did[] {
  const step = (name: string, began: number, ended: number, end: Ending): Did =>
    did("failover/control-plane step", [began, ended], { step: name }, end);
  const asked = [
    did(
      "failover/control-plane detect",
      [times.confirmed + 10, times.detected],
      {},
      ok({ state: `${regions.lost} is unreachable` }),
    ),
    did("failover/control-plane decide", [times.detected, times.decided], { modelledMs: 30_000 }),
    did(
      "failover/control-plane request",
      [times.decided, times.requested],
      { isFailedOver: true },
      ok({ operation: "op-1" }),
    ),
    step("database-compute", times.requested + 20, times.computeReady + 40, ok({ detail: "instance available" })),
  ];
  const follow = (end: Ending): Did =>
    did("failover/control-plane follow", [times.requested, times.failedOver], { operation: "op-1" }, end);
  if (!recovers) {
    const open = info("did not end while it was watched", { detail: "failing-over" });
    return [
      ...asked,
      step("database-failover", times.computeReady + 50, times.failedOver, open),
      follow(info("the deadline has passed")),
    ];
  }
  return [
    ...asked,
    step("database-failover", times.computeReady + 50, times.writerPromoted + 90, ok({ detail: "writer promoted" })),
    step("manifests", times.writerPromoted + 100, times.podsReady + 80, ok({ detail: "all deployments ready" })),
    step("dns", times.podsReady + 90, times.dnsMoved + 60, ok({ detail })),
    follow(ok({ state: "done" })),
  ];
}
