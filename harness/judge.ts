import { z } from "zod";
import { BrokenHistory } from "../history/broken.ts";
import type { CheckContext, Checker, History, RunOutcome, Verdict } from "./types.ts";

/** What a history comes to. */
export interface Judgement {
  readonly outcome: RunOutcome;
  /** 0 pass, 1 an objective was missed, 3 inconclusive or invalid. An interrupted or troubled run overrides it. */
  readonly exitCode: 0 | 1 | 3;
  /** One sentence for the banner. */
  readonly because: string;
  readonly verdicts: readonly Verdict[];
}

export const exitCodes = { pass: 0, fail: 1, inconclusive: 3, invalid: 3 } as const;

/**
 * Judges a history by itself: live and years later it gives the same answer. Validity comes first, because objectives of a run in which
 * nothing was broken or measured mean nothing; then a missed objective, however much else is unknown; unknown is never green.
 */
export function judge(history: History, checkers: readonly Checker[]): Judgement {
  const context = contextOf(history);
  if (typeof context === "string") {
    return {
      outcome: "invalid",
      exitCode: exitCodes.invalid,
      because: `the run proves nothing: ${context}`,
      verdicts: [],
    };
  }
  const verdicts = checkers.map((checker) => asked(checker, history, context));
  const lost = [...history.pairs<{ region?: string; state?: string }>("fault", "inject")].find(
    ({ invocation, completion }) => completion?.type === "ok" && invocation.value?.region === context.regions.lost,
  );
  const outcome = outcomeOf(verdicts);
  return {
    outcome,
    exitCode: exitCodes[outcome],
    because: inWords(outcome, verdicts, whatWasDone(lost?.invocation.value)),
    verdicts,
  };
}

/** A checker that crashes knows nothing. A history that cannot be read is not its fault. */
function asked(checker: Checker, history: History, context: CheckContext): Verdict {
  try {
    return checker.check(history, context);
  } catch (error) {
    if (error instanceof BrokenHistory) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const because = `the checker ${checker.name} crashed: ${why}`;
    return { checker: checker.name, kind: checker.kind, outcome: "unknown", because, evidence: [] };
  }
}

/** `us-east-2 was lost`, or whatever else the fault says of it. */
const whatWasDone = ({ region, state = "lost" }: { region?: string; state?: string } = {}): string | undefined =>
  region === undefined ? undefined : `${region} was ${state}`;

const decides = ({ kind }: Verdict): boolean => kind === "objective" || kind === "invariant";

function outcomeOf(verdicts: readonly Verdict[]): RunOutcome {
  const deciding = verdicts.filter(decides);
  if (verdicts.some(({ kind, outcome }) => kind === "validity" && outcome !== "pass")) return "invalid";
  if (deciding.some(({ outcome }) => outcome === "fail")) return "fail";
  return deciding.length > 0 && deciding.every(({ outcome }) => outcome === "pass") ? "pass" : "inconclusive";
}

function inWords(outcome: RunOutcome, verdicts: readonly Verdict[], done: string | undefined): string {
  const said = (wanted: (verdict: Verdict) => boolean): string =>
    verdicts
      .filter(wanted)
      .map(({ because }) => because)
      .join("; ");
  if (outcome === "invalid") {
    return `the run proves nothing: ${said(({ kind, outcome }) => kind === "validity" && outcome !== "pass")}`;
  }
  const deciding = (wanted: Verdict["outcome"]): string =>
    said((verdict) => decides(verdict) && verdict.outcome === wanted);
  const passed = verdicts.filter((verdict) => decides(verdict) && verdict.outcome === "pass");
  const worst = outcome === "fail" ? deciding("fail") : outcome === "inconclusive" ? deciding("unknown") : "";
  const told = [worst, brief(passed)].filter((part) => part !== "").join("; ");
  return `${done === undefined ? "" : `${done}; `}${told || "there was no objective to judge"}`;
}

/** The first objectives of a scenario are its headline; of the others it is enough here that they were met. */
function brief(met: readonly Verdict[]): string {
  const said = met.slice(0, 3).map(({ because }) => because);
  return [...said, ...(met.length > 3 ? [`${met.length - 3} more met`] : [])].join("; ");
}

const facts = z.looseObject({
  timeScale: z.number().positive(),
  regions: z.looseObject({ lost: z.string(), survivor: z.string(), controlPlanes: z.string().optional() }),
  deployments: z.array(z.string()).min(1),
  objectives: z.looseObject({
    rtoWithinMs: z.number(),
    rpoDatabaseWithinMs: z.number(),
    tasksLostAtMost: z.number(),
    tasksRunTwiceAtMost: z.number(),
    tasksAliveAtLeast: z.number(),
    writesLostAtMost: z.number().optional(),
    rpoObjectsWithinMs: z.number().optional(),
    unprotectedWithinMs: z.number().optional(),
    stalledWithinMs: z.number().optional(),
  }),
  primary: z.string().optional(),
  drills: z
    .array(
      z.object({
        name: z.string(),
        from: z.string(),
        to: z.string(),
        objectives: z.record(z.string(), z.number()).optional(),
      }),
    )
    .optional(),
  timing: z.looseObject({
    steadyMs: z.number(),
    recoveryDeadlineMs: z.number(),
    stableMs: z.number(),
    settleMs: z.number(),
    probeEveryMs: z.number().positive(),
    probeWithinMs: z.number(),
    downAfter: z.int().positive(),
    upAfter: z.int().positive(),
    upSpanMs: z.number(),
  }),
});

/** What checkers must know of a run, from its own first op; or a sentence that says what is missing. */
export function contextOf(history: History): CheckContext | string {
  const start = [...history.pairs("run", "start")].find(({ invocation }) => invocation.process === "run/play");
  if (start === undefined) return "its history does not say what was played (there is no run/play start)";
  const checked = facts.safeParse(start.invocation.value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  return `its history does not say what was played (line ${start.invocation.index + 1}, ${issue?.path.join(".")}: ${issue?.message})`;
}
