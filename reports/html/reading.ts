import { endOf, type Outage, outageOf } from "../../checkers/outage.ts";
import { type Recovery, recoveries } from "../../checkers/recovery.ts";
import { type Stage, stagesOf } from "../../checkers/stages.ts";
import type { CheckContext, History, Millis, Result, Verdict } from "../../harness/types.ts";
import { textOf } from "../values.ts";

/** A run as the page reads it: its result, its history, and what the checkers' own functions say of it. */
export interface Reading {
  readonly result: Result;
  readonly history: History;
  readonly context: CheckContext;
  readonly outage: Outage | undefined;
  readonly recoveries: readonly Recovery[];
  readonly stages: readonly Stage[];
  /** When the last deployment was stable again. */
  readonly stableAt: Millis | undefined;
  readonly endsAt: Millis;
  /** Name and version of what made the load. */
  readonly engine: string;
  verdict(checker: string): Verdict | undefined;
}

export function readingOf(result: Result, history: History): Reading {
  const { timeScale, objectives, timing, regions, deployments, drills } = result;
  const context: CheckContext = { timeScale, objectives, timing, regions, deployments, drills };
  const outage = outageOf(history, context);
  const stages = orElse([], () => stagesOf(history, context));
  return {
    result,
    history,
    context,
    outage,
    recoveries: outage === undefined ? [] : orElse([], () => recoveries(history, outage, context)),
    stages,
    stableAt: stages.find(({ name }) => name === "stable")?.at?.high ?? undefined,
    endsAt: endOf(history),
    engine: engineOf(history) ?? result.loadEngine ?? "unknown",
    verdict: (checker) => result.verdicts.find((one) => one.checker === checker),
  };
}

function engineOf(history: History): string | undefined {
  const asked = [...history.pairs("load", "start")][0]?.invocation.value;
  const engine = textOf(asked, "engine");
  return engine && [engine, textOf(asked, "version")].filter(Boolean).join(" ");
}

/** A history with a line that cannot be understood still has a page: what rests on that line is missing there. */
function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
