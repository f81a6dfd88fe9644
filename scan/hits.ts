import { rules } from "./rules/index.ts";
import type { Contents, Literal, Match, Rule } from "./types.ts";

/** What a rule found in a file. */
export interface Hit {
  readonly rule: Rule;
  readonly match: Match;
  /** From where the match counts its characters. */
  readonly base: number;
  /** What it stands in, when it is no call. */
  readonly literal?: Literal;
}

/** All hits of all rules, in the order of the text. */
export function hitsIn({ literals, calls }: Contents): Hit[] {
  const ofCalls = calls.flatMap((call) =>
    rules.flatMap((rule): Hit[] => {
      const said = rule.ofCall?.(call);
      return said === undefined ? [] : [{ rule, match: { ...said, start: 0, end: call.length }, base: call.offset }];
    }),
  );
  return [...literals.flatMap(hitsOf), ...ofCalls].sort((a, b) => a.base + a.match.start - (b.base + b.match.start));
}

function hitsOf(literal: Literal): Hit[] {
  /** By region, the characters that a more exact rule has told of. */
  const told = new Map<string, Uint8Array>();
  const isNews = ({ region, start, end }: Match): boolean => {
    const characters = told.get(region) ?? new Uint8Array(literal.text.length);
    told.set(region, characters);
    if (characters.subarray(start, end).includes(1)) return false;
    characters.fill(1, start, end);
    return true;
  };
  return rules.flatMap((rule) =>
    (rule.inText?.(literal) ?? []).filter(isNews).map((match): Hit => ({ rule, match, base: literal.offset, literal })),
  );
}
