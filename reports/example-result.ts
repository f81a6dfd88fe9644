import { endOf } from "../checkers/outage.ts";
import type { History, Result } from "../harness/types.ts";
import { regions, timeScale, timing } from "./example/times.ts";
import { listOf, textOf } from "./values.ts";

/** The result that belongs to an example history and what it was judged to be. */
export function exampleResult(
  history: History,
  judgement: Pick<Result, "outcome" | "exitCode" | "because" | "verdicts">,
): Result {
  const header = [...history.pairs("run", "start")][0]?.invocation.value;
  const { fidelity, scenario, objectives, drills } = header as Pick<
    Result,
    "fidelity" | "scenario" | "objectives" | "drills"
  >;
  return {
    schema: "gameday.run/1",
    scenario,
    seed: textOf(header, "seed") ?? "",
    tier: "lab",
    timeScale,
    startedAt: "2026-11-23T04:00:00.000Z",
    durationMs: endOf(history),
    interrupted: false,
    regions,
    deployments: listOf(header, "deployments").map(String),
    objectives,
    ...(drills === undefined ? {} : { drills }),
    timing,
    fidelity,
    experimentId: "EXP7c41f0a9b2d35e86",
    loadEngine: "k6",
    history: { file: "history.ndjson", ops: history.ops.length, hash: "9f2c4e61b07d8a35c1f4e2907b6d3a58" },
    ...judgement,
  };
}
