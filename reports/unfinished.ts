import type { History, Millis } from "../harness/types.ts";
import { field, listOf, textOf } from "./values.ts";

/** Something that the platform or the run had begun and did not bring to its end, with the reason that was last told. */
export interface Unfinished {
  readonly what: string;
  readonly because: string;
  readonly at: Millis;
  /** Its op in the history. */
  readonly index: number;
}

/** Steps of the platform that failed, or had not ended when nobody watched any more, and requests that were refused. */
export function unfinished(history: History): Unfinished[] {
  return [...history.pairs("failover")].flatMap(({ invocation, completion }): Unfinished[] => {
    const { f, value, time } = invocation;
    // What is followed is told by its steps.
    if (completion?.type === "ok" || (f !== "step" && f !== "request")) return [];
    const name = f === "step" ? `the step ${textOf(value, "step")}` : `the request for ${textOf(value, "phase")}`;
    const detail = field(completion?.value, "detail");
    const told = typeof detail === "string" ? detail : undefined;
    const because = [completion?.error, told && `last seen: ${told}`].filter(Boolean).join("; ");
    return [
      {
        what: name,
        because: because || "it was never answered",
        at: time,
        index: completion?.index ?? invocation.index,
      },
    ];
  });
}

/** What the steady-state check was asked, and what it said before anything was broken. */
export interface Gate {
  /** Empty: it would have let the fault pass. */
  readonly reasons: readonly string[];
  readonly error: string | undefined;
  readonly at: Millis;
  readonly tookMs: Millis;
  readonly index: number;
}

/** The steady-state check's answer, where a scenario wants it to refuse. */
export function gateOf(history: History): Gate | undefined {
  const asked = [...history.pairs("run", "gate")].at(-1);
  if (asked?.completion === undefined) return undefined;
  const { invocation, completion } = asked;
  return {
    reasons: listOf(completion.value, "because").filter((one) => typeof one === "string"),
    error: completion.error,
    at: completion.time,
    tookMs: completion.time - invocation.time,
    index: completion.index,
  };
}
