import type { CheckContext, Checker, History, Millis, Outcome, Verdict } from "../harness/types.ts";
import { countOf, some } from "../harness/words.ts";
import { endOf, firstDisturbance } from "./outage.ts";
import { phases, type RegionRuns, standbyLooks, succeeded } from "./vocabulary.ts";

interface Look {
  readonly region: string;
  readonly expected: readonly string[];
  readonly seen: RegionRuns;
  readonly began: Millis;
  readonly index: number;
}

interface Window {
  readonly when: string;
  readonly low: Millis;
  readonly high: Millis;
}

interface Finding extends Window {
  readonly outcome: Outcome;
  readonly looks: number;
  /** Expected, and not running. */
  readonly lacking: readonly string[];
  /** Running, and not expected. */
  readonly extra: readonly string[];
  readonly evidence: readonly number[];
}

/** Whether the region that stands by runs exactly its warm standby, before anything is broken and whenever the platform is protected again. */
export const standbyComposition: Checker = {
  name: "standby-composition",
  kind: "objective",
  check(history, context) {
    const looks = succeeded(standbyLooks(history))
      .map(({ asked, seen, began, index }): Look => ({ ...asked, seen, began, index }))
      .filter(({ region, seen }) => seen.serving !== null && seen.serving !== region);
    const findings = windowsOf(history, context).map((window) => findingOf(window, looks, context));
    const worst =
      findings.find(({ outcome }) => outcome === "fail") ?? findings.find(({ outcome }) => outcome === "unknown");
    return {
      checker: "standby-composition",
      kind: "objective",
      outcome: worst?.outcome ?? "pass",
      because: inWords(worst, findings),
      evidence: findings.flatMap(({ evidence }) => evidence),
      details: { findings },
    } satisfies Verdict;
  },
};

/** The last of the steady time before the first disturbance, and from the end of each wait for protection until the next one. */
function windowsOf(history: History, { timing }: CheckContext): Window[] {
  const end = endOf(history);
  const first = firstDisturbance(history) ?? end;
  const begun = disturbances(history);
  const protectedAgain = phases(history).flatMap(({ invocation: { value }, completion }) =>
    value?.phase === "protection" && completion?.type === "ok" && completion.time > first ? [completion.time] : [],
  );
  return [
    { when: "before anything was broken", low: first - timing.steadyMs, high: first },
    ...protectedAgain.map((low) => ({
      when: "when the platform was protected again",
      low,
      high: begun.find((time) => time > low) ?? end,
    })),
  ];
}

const disturbances = (history: History): Millis[] =>
  [...history.pairs("fault", "inject"), ...history.pairs("run", "drill")]
    .map(({ invocation }) => invocation.time)
    .sort((a, b) => a - b);

/** A name counts when two looks in a row agree on it: what is just being replaced is no finding. */
function findingOf(window: Window, all: readonly Look[], { timing }: CheckContext): Finding {
  const looks = all.filter(({ began }) => began >= window.low && began < window.high);
  const [lacking, extra] = [namesIn(looks, timing.downAfter, lackingIn), namesIn(looks, timing.downAfter, extraIn)];
  const outcome = looks.length === 0 ? "unknown" : lacking.length + extra.length > 0 ? "fail" : "pass";
  const cited = outcome === "fail" ? looks.filter((look) => lackingIn(look).length + extraIn(look).length > 0) : looks;
  return {
    ...window,
    outcome,
    looks: looks.length,
    lacking,
    extra,
    evidence: cited.slice(-5).map(({ index }) => index),
  };
}

const lackingIn = ({ expected, seen: { runs } }: Look): string[] =>
  expected.filter((name) => !runs.some(([one, ready]) => one === name && ready > 0));
const extraIn = ({ expected, seen: { runs, strays } }: Look): string[] => [
  ...runs.map(([name]) => name).filter((name) => !expected.includes(name)),
  ...strays,
];

function namesIn(looks: readonly Look[], inARow: number, of: (look: Look) => readonly string[]): string[] {
  const runs = new Map<string, number>();
  const found = new Set<string>();
  for (const look of looks) {
    const now = new Set(of(look));
    for (const name of runs.keys()) if (!now.has(name)) runs.delete(name);
    for (const name of now) {
      runs.set(name, (runs.get(name) ?? 0) + 1);
      if ((runs.get(name) ?? 0) >= Math.min(inARow, looks.length)) found.add(name);
    }
  }
  return [...found];
}

function inWords(worst: Finding | undefined, findings: readonly Finding[]): string {
  if (worst === undefined) {
    const looks = findings.reduce((sum, one) => sum + one.looks, 0);
    return `the standby ran exactly what it should, in ${countOf(looks, "look")} ${findings.map(({ when }) => when).join(" and ")}`;
  }
  if (worst.outcome === "unknown") return `nobody saw what the standby ran ${worst.when}`;
  const parts = [
    worst.lacking.length > 0 ? `lacked ${some(worst.lacking)}` : "",
    worst.extra.length > 0 ? `ran ${some(worst.extra)}, which it should not` : "",
  ].filter((part) => part !== "");
  return `the standby ${parts.join(" and ")} ${worst.when}`;
}
