import { contextOfDrill } from "../../checkers/drill.ts";
import { endOf, type Outage, outageOf } from "../../checkers/outage.ts";
import { type Recovery, recoveries } from "../../checkers/recovery.ts";
import { type Stage, stagesOf } from "../../checkers/stages.ts";
import type { CheckContext, Drill, History, Millis, Result, Verdict } from "../../harness/types.ts";
import type { Scan } from "../../scan/types.ts";
import { verdictOf } from "../drills.ts";
import { textOf } from "../values.ts";
import { type Band, bandsOf, type Held, heldFaults } from "./bands.ts";

/** A time in which a recovery is measured: a drill, or what followed the first fault of a run without drills. */
export interface Span {
  readonly drill: Drill | undefined;
  /** In ids and before titles; empty where there is one span only. */
  readonly name: string;
  readonly context: CheckContext;
  readonly outage: Outage;
  readonly recoveries: readonly Recovery[];
  readonly stages: readonly Stage[];
  /** When the last deployment was stable again. */
  readonly stableAt: Millis | undefined;
}

/** A run as the page reads it: its result, its history, and what the checkers' own functions say of it. */
export interface Reading {
  readonly result: Result;
  readonly history: History;
  readonly context: CheckContext;
  readonly spans: readonly Span[];
  /** False where nothing was to change its region: there is no recovery to take apart then. */
  readonly moves: boolean;
  readonly faults: readonly Held[];
  readonly bands: readonly Band[];
  /** From where times are told: the first recovery's beginning, else the first fault. Undefined: nothing happened. */
  readonly zero: { readonly at: Millis; readonly name: "fault" | "asked" } | undefined;
  readonly endsAt: Millis;
  /** Name and version of what made the load. */
  readonly engine: string;
  /** The static scan that was compared with it. */
  readonly scan: Scan | undefined;
  verdict(checker: string, drill?: string): Verdict | undefined;
}

export function readingOf(result: Result, history: History, scan?: Scan): Reading {
  const { timeScale, objectives, timing, regions, deployments, drills } = result;
  const context: CheckContext = { timeScale, objectives, timing, regions, deployments, drills };
  const endsAt = endOf(history);
  const moves = drills === undefined || drills.length > 0;
  const contexts = drills === undefined || drills.length === 0 ? [context] : contextsOf(context, drills);
  const spans = contexts.flatMap((one) => spanOf(history, one, moves, contexts.length > 1) ?? []);
  const faults = heldFaults(history, endsAt);
  return {
    result,
    history,
    context,
    spans,
    moves,
    faults,
    bands: bandsOf(history, endsAt),
    zero: zeroOf(spans, faults),
    endsAt,
    engine: engineOf(history) ?? result.loadEngine ?? "unknown",
    scan,
    verdict: (checker, drill) => verdictOf(result, checker, drill),
  };
}

const contextsOf = (context: CheckContext, drills: readonly Drill[]): CheckContext[] =>
  drills.flatMap(({ name }) => contextOfDrill(context, name) ?? []);

/** Undefined for a drill that was never begun. */
function spanOf(history: History, context: CheckContext, moves: boolean, isOneOfMany: boolean): Span | undefined {
  const outage = outageOf(history, context);
  if (outage === undefined) return undefined;
  const stages = moves ? orElse([], () => stagesOf(history, context)) : [];
  return {
    drill: context.drill,
    name: isOneOfMany ? (context.drill?.name ?? "") : "",
    context,
    outage,
    recoveries: orElse([], () => recoveries(history, outage, context)),
    stages,
    stableAt: stages.find(({ name }) => name === "stable")?.at?.high ?? undefined,
  };
}

function zeroOf([first]: readonly Span[], [fault]: readonly Held[]): Reading["zero"] {
  if (first !== undefined) return { at: first.outage.from.low, name: beginningOf(first) };
  return fault && { at: fault.from, name: "fault" };
}

/** What a span's times are counted from. */
export const beginningOf = ({ outage }: Span): "fault" | "asked" => (outage.planned ? "asked" : "fault");

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
