import { basename } from "node:path";
import { z } from "zod";
import { GamedayError, Interrupted } from "../harness/errors.ts";
import { judge } from "../harness/judge.ts";
import type { History, Result } from "../harness/types.ts";
import { BrokenHistory, type OpenedHistory } from "../history/history.ts";
import { runJson } from "../reports/run-json.ts";
import { checkersOf } from "../scenarios/index.ts";

export interface Circumstances {
  readonly startedAt: Date;
  readonly interrupted: boolean;
  /** Overrides the judgement's own: what ended the run early is the news then. */
  readonly exitCode?: number | undefined;
  readonly file: string;
}

/** What the first op says of the run: all that a history needs to be judged by itself. */
const header = z.object({
  /** 1: lines without hashes, as before the chain. 2: every line is chained. */
  schema: z.literal([1, 2]),
  seed: z.string(),
  scenario: runJson.shape.scenario,
  tier: runJson.shape.tier,
  timeScale: runJson.shape.timeScale,
  regions: runJson.shape.regions,
  deployments: runJson.shape.deployments,
  objectives: runJson.shape.objectives,
  timing: runJson.shape.timing,
  drills: runJson.shape.drills,
  fidelity: runJson.shape.fidelity,
});

/** Judges a history and tells how the run ended. Throws `NoHeader` when the history does not begin with a run's header. */
export function concluded(history: OpenedHistory, { startedAt, interrupted, exitCode, file }: Circumstances): Result {
  const { schema, ...facts } = headerOf(history, file);
  if (schema > 1 && history.hash === undefined)
    throw new BrokenHistory(file, 0, "its hash is missing, and so are those of all lines: schema 2 has them");
  const judged = judge(history, checkersOf(facts.scenario.name));
  const experimentId = firstText(history, "fault", "inject", "experimentId");
  const loadEngine = firstText(history, "load", "start", "engine");
  return {
    schema: "gameday.run/1",
    ...facts,
    startedAt: startedAt.toISOString(),
    durationMs: history.endsAt,
    outcome: judged.outcome,
    exitCode: exitCode ?? judged.exitCode,
    because: judged.because,
    interrupted,
    ...(experimentId === undefined ? {} : { experimentId }),
    ...(loadEngine === undefined ? {} : { loadEngine }),
    verdicts: judged.verdicts,
    history: {
      file: basename(file),
      ops: history.ops.length,
      ...(history.hash === undefined ? {} : { hash: history.hash }),
    },
  };
}

/** Nothing can be concluded from a history that does not say what was played. */
export class NoHeader extends GamedayError {
  constructor(file: string, trouble: string) {
    super("E_HISTORY", 3, `${file} does not say what was played: ${trouble}`, {
      hint: "it was altered, was cut off at once, or comes from another version; play the game day again",
    });
  }
}

function headerOf(history: History, file: string): z.infer<typeof header> {
  const [start] = [...history.pairs("run", "start")];
  if (start === undefined) throw new NoHeader(file, "it has no run/play start");
  const checked = header.safeParse(start.invocation.value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new NoHeader(file, `line ${start.invocation.index + 1}, ${issue?.path.join(".")}: ${issue?.message}`);
}

/** What ended a run early decides the exit code. */
export const exitCodeOf = (trouble: Error | undefined): number | undefined =>
  trouble instanceof GamedayError ? trouble.exitCode : undefined;

export const wasInterrupted = (trouble: Error | undefined): boolean => trouble instanceof Interrupted;

/** A text that the first such deed names, in what it was asked or in what came of it. */
function firstText(history: History, role: "fault" | "load", f: string, key: string): string | undefined {
  for (const { invocation, completion } of history.pairs(role, f)) {
    for (const value of [completion?.value, invocation.value]) {
      if (typeof value === "object" && value !== null && key in value) return String(Reflect.get(value, key));
    }
  }
  return undefined;
}
