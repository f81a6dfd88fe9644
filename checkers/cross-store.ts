import type { Checker, History, Millis, Outcome, Verdict } from "../harness/types.ts";
import { countOf, some } from "../harness/words.ts";
import { type Deposits, depositsOf, stockOf } from "./deposits.ts";
import { type Outage, outageOf } from "./outage.ts";
import { imagesNamed, type LogsSeen, logReads, succeeded, taskEvents } from "./vocabulary.ts";

interface MissingLog {
  readonly key: string;
  /** `late`: it came later. `window`: it was written when objects were being lost. `no`: nothing explains it. */
  readonly explained: "late" | "window" | "no" | "undecided";
  /** The ops that tell of the attempt whose log it is. */
  readonly evidence: readonly number[];
}

/** Whether the survivor has what its own rows and pods name: each finished task's log, and each running pod's image. */
export const crossStore: Checker = {
  name: "cross-store",
  kind: "objective",
  check(history, context) {
    const outage = outageOf(history, context);
    if (outage === undefined) return unknown("nothing was moved, so no store could fall behind another");
    const reads = succeeded(logReads(history)).map((read) => ({ ...read, region: read.asked.region }));
    const stock = stockOf(reads, outage, context);
    if (stock === undefined)
      return unknown("nobody looked for the logs that the survivor's rows name", outage.evidence);
    const named = succeeded(imagesNamed(history)).map((read) => ({ ...read, region: read.asked.region }));
    const images = stockOf(named, outage, context);
    const later = reads.filter(({ region, began }) => region === stock.region && began > stock.began);
    const window = depositsOf(history, "objects", outage, context)?.window;
    const attempts = attemptsOf(history, stock.seen.absent);
    const logs = stock.seen.absent.map(({ key, deployment, id, try: attempt }): MissingLog => {
      const isLate = later.some(({ seen }) => !seen.absent.some((one) => one.key === key));
      const [when, evidence] = [attempts.get(`${deployment} ${id} ${attempt}`), []];
      return isLate ? { key, explained: "late", evidence } : { key, ...explainedBy(window, when, outage) };
    });
    const lacking = (images?.seen.images ?? []).filter(([, , there]) => !there).map(([image]) => image);
    return judged(logs, lacking, {
      named: stock.seen.named,
      imagesAsked: images?.seen.images.length ?? 0,
      evidence: [...outage.evidence, stock.index, ...(images === undefined ? [] : [images.index])],
    });
  },
};

const unknown = (because: string, evidence: readonly number[] = []): Verdict => ({
  checker: "cross-store",
  kind: "objective",
  outcome: "unknown",
  because,
  evidence,
});

interface Attempt {
  readonly began: Millis;
  readonly ended: Millis;
  readonly evidence: readonly number[];
}

/** When each of these attempts was under way, as its worker told: its log was written in this time. */
function attemptsOf(history: History, wanted: LogsSeen["absent"]): Map<string, Attempt> {
  const attempts = new Map<string, Attempt>();
  const names = new Set(wanted.map(({ deployment, id, try: attempt }) => `${deployment} ${id} ${attempt}`));
  if (names.size === 0) return attempts;
  for (const { invocation, completion } of taskEvents(history)) {
    if (invocation.value === undefined) continue;
    const { deployment, id, try: attempt } = invocation.value;
    const name = `${deployment} ${id} ${attempt}`;
    if (!names.has(name)) continue;
    const known = attempts.get(name);
    const ended = completion?.time ?? invocation.time;
    attempts.set(name, {
      began: Math.min(known?.began ?? invocation.time, invocation.time),
      ended: Math.max(known?.ended ?? ended, ended),
      evidence: [...(known?.evidence ?? []), completion?.index ?? invocation.index],
    });
  }
  return attempts;
}

function explainedBy(
  window: Deposits["window"],
  attempt: Attempt | undefined,
  { from }: Outage,
): Omit<MissingLog, "key"> {
  if (attempt === undefined) return { explained: "undecided", evidence: [] };
  const { began, ended, evidence } = attempt;
  // What was begun after the fault was written in the survivor.
  if (began > from.high) return { explained: "no", evidence };
  if (window === undefined) return { explained: "undecided", evidence };
  return { explained: ended >= window.low ? "window" : "no", evidence };
}

function judged(
  logs: readonly MissingLog[],
  images: readonly string[],
  { named, imagesAsked, evidence }: { named: number; imagesAsked: number; evidence: readonly number[] },
): Verdict {
  const of = (why: MissingLog["explained"]): readonly MissingLog[] => logs.filter(({ explained }) => explained === why);
  const [unexplained, undecided] = [of("no"), of("undecided")];
  const low = unexplained.length + images.length;
  const nothingAsked = named === 0;
  const outcome: Outcome = low > 0 ? "fail" : undecided.length > 0 || nothingAsked ? "unknown" : "pass";
  const keys = (missing: readonly MissingLog[]): string => some(missing.map(({ key }) => key));
  const parts = [
    unexplained.length > 0
      ? `${countOf(unexplained.length, "log")} named by rows and not there: ${keys(unexplained)}`
      : "",
    images.length > 0 ? `${countOf(images.length, "image")} named by running pods and not there: ${some(images)}` : "",
    undecided.length > 0
      ? `${countOf(undecided.length, "log")} not there, and nobody can say when they were written: ${keys(undecided)}`
      : "",
    of("window").length > 0 ? `${countOf(of("window").length, "log")} lost as objects of that time were` : "",
    of("late").length > 0 ? `${countOf(of("late").length, "log")} came late` : "",
  ].filter((part) => part !== "");
  const whole = nothingAsked
    ? "no row of the survivor named a log"
    : `the survivor has all of ${countOf(named, "log")} and ${countOf(imagesAsked, "image")} that its rows and pods name`;
  return {
    checker: "cross-store",
    kind: "objective",
    outcome,
    because: parts.length === 0 ? whole : parts.join("; "),
    measured: { low, high: low + undecided.length, limit: 0, unit: "names without their object" },
    evidence: [...evidence, ...[...unexplained, ...undecided].slice(0, 20).flatMap(({ evidence }) => evidence)],
    details: { named, imagesAsked, images, logs: logs.slice(0, 1_000) },
  };
}
