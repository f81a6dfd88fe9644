import type { History, Result, Verdict } from "../harness/types.ts";
import { deploymentNames, objectives, regions, timeScale, times, timing } from "./example/times.ts";

/** The result that belongs to the example history, as its checkers would conclude it. */
export function exampleResult(history: History, { recovers = true }: { recovers?: boolean } = {}): Result {
  const start = [...history.pairs("run", "start")][0]?.invocation;
  const deployments = (start?.value as { deployments?: string[] } | undefined)?.deployments ?? deploymentNames(80);
  const verdicts = exampleVerdicts(history, recovers);
  return {
    schema: "gameday.run/1",
    scenario: {
      name: "lose-region",
      title: "Lose the primary region",
      promise:
        "When the primary region is lost, every deployment is served from the other one within an hour, and no task is lost.",
    },
    seed: (start?.value as { seed?: string } | undefined)?.seed ?? "",
    tier: "lab",
    timeScale,
    startedAt: "2026-11-23T04:00:00.000Z",
    durationMs: times.end,
    outcome: recovers ? "pass" : "fail",
    exitCode: recovers ? 0 : 1,
    because: recovers
      ? `us-east-2 was lost and all ${deployments.length} deployments were stable in us-west-2 after 28.1 s, at most 14 min 2 s in real time, within the hour that was promised.`
      : `us-east-2 was lost and none of ${deployments.length} deployments had recovered after 34 s: the promotion of the database never ended.`,
    interrupted: false,
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
        "provisioning, promotion, image pull and pod start delays (÷ 30)",
        "room on nodes",
        "the operator who decides: 30 s",
        "region loss as stopped processes: the kernel still completes handshakes",
      ],
    },
    experimentId: "EXP7c41f0a9b2d35e86",
    loadEngine: "k6 2.3.0",
    verdicts,
    history: { file: "history.ndjson", ops: history.ops.length },
  };
}

function exampleVerdicts(history: History, recovers: boolean): Verdict[] {
  const first = (role: "fault" | "failover" | "probe" | "load", f: string): number[] =>
    [...history.pairs(role, f)]
      .slice(0, 1)
      .flatMap(({ invocation, completion }) => [invocation.index, completion?.index ?? invocation.index]);
  const lab = recovers ? { low: 27_640, high: 28_070 } : { low: 35_360, high: null };
  return [
    {
      checker: "rto",
      kind: "objective",
      outcome: recovers ? "pass" : "fail",
      because: recovers
        ? "all 80 deployments were stable again 28.1 s after the fault at most, the slowest being dep-40"
        : "80 of 80 deployments did not recover while they were watched; the database writer was last seen as standby",
      measured: {
        low: lab.low * timeScale,
        high: lab.high === null ? null : lab.high * timeScale,
        limit: objectives.rtoWithinMs,
        unit: "ms",
      },
      evidence: [...first("fault", "inject"), ...first("fault", "confirm"), ...first("failover", "follow")],
      details: { lab },
    },
    {
      checker: "rpo-database",
      kind: "objective",
      outcome: recovers ? "pass" : "unknown",
      because: recovers
        ? "11 acknowledged writes of the last 64 ms before the fault are missing in us-west-2"
        : "nothing could be read back, so nothing is known of the writes",
      ...(recovers
        ? { measured: { low: 1_920, high: 19_500, limit: objectives.rpoDatabaseWithinMs, unit: "ms" } }
        : {}),
      evidence: first("probe", "read"),
      details: { lab: { low: 64, high: 650 } },
    },
    {
      checker: "tasks",
      kind: "objective",
      outcome: recovers ? "pass" : "unknown",
      because: recovers
        ? "of 1,200 tasks 696 went on, 504 were restarted, none was lost and none ran twice"
        : "no deployment could be asked for its tasks",
      ...(recovers ? { measured: { low: 0, high: 0, limit: 0, unit: "tasks" } } : {}),
      evidence: first("load", "task"),
    },
    {
      checker: "fault-landed",
      kind: "validity",
      outcome: "pass",
      because: "an independent request to us-east-2 got no answer within 400 ms, 0.6 s after the order",
      evidence: [...first("fault", "inject"), ...first("fault", "confirm")],
    },
    {
      checker: "generator-health",
      kind: "validity",
      outcome: "pass",
      because: "k6 sent 600 heartbeats per second before the fault, 99 % of them at most 31 ms late, and dropped none",
      evidence: first("load", "health"),
    },
  ];
}
