import type { Result } from "../../harness/types.ts";
import type { Defect } from "./defects.ts";

/** What a day said of a defect: the checkers that failed and those that knew nothing, or that no day began. */
export type Seen =
  | { readonly failed: readonly string[]; readonly unknown: readonly string[] }
  | { readonly environment: string };

export function seenIn({ verdicts }: Pick<Result, "verdicts">): Seen {
  const of = (wanted: string) => verdicts.filter(({ outcome }) => outcome === wanted).map(({ checker }) => checker);
  return { failed: of("fail"), unknown: of("unknown") };
}

export interface Score {
  /** Checkers that should have failed and did. */
  readonly hits: readonly string[];
  /** Should have, and did not. */
  readonly missed: readonly string[];
  /** Failed, and had no cause to. */
  readonly false: readonly string[];
  /** Knew nothing, and had no cause for that. */
  readonly blind: readonly string[];
}

/** Holds what was seen against what should be. `always`: unknown on every day of the scenario, by its nature. */
export function score(
  { found, open = [] }: Pick<Defect, "found" | "open">,
  seen: Seen,
  always: readonly string[],
): Score {
  const wanted = found === "environment" ? ["environment"] : found;
  const failed = "environment" in seen ? ["environment"] : seen.failed;
  const unknown = "environment" in seen ? [] : seen.unknown;
  return {
    hits: wanted.filter((checker) => failed.includes(checker)),
    missed: wanted.filter((checker) => !failed.includes(checker)),
    false: failed.filter((checker) => !wanted.includes(checker) && !open.includes(checker)),
    blind: unknown.filter((checker) => !open.includes(checker) && !always.includes(checker)),
  };
}

export const isExact = ({ missed, false: wrong, blind }: Score): boolean =>
  missed.length === 0 && wrong.length === 0 && blind.length === 0;

/** Of the findings how many were right, and of the defects how many were found. Undefined where there was none of them: nothing measured is not perfect. */
export function rates(scores: readonly Score[]): { readonly precision?: number; readonly recall?: number } {
  const count = (pick: (one: Score) => readonly string[]): number => scores.reduce((n, one) => n + pick(one).length, 0);
  const [hits, missed, wrong] = [count((one) => one.hits), count((one) => one.missed), count((one) => one.false)];
  return {
    ...(hits + wrong > 0 && { precision: hits / (hits + wrong) }),
    ...(hits + missed > 0 && { recall: hits / (hits + missed) }),
  };
}
