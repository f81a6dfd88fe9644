import type { Hit } from "./hits.ts";
import type { Position } from "./positions.ts";
import type { Finding, Level, Literal, Match, Source } from "./types.ts";

export interface Setting {
  readonly file: Source;
  readonly position: (offset: number) => Position;
  readonly inFailoverPath: boolean;
  /** Regions whose loss is asked about; none: all. */
  readonly regions: readonly string[];
  readonly variant: string | undefined;
}

/** What a hit means where it stands. */
export function findingOf({ rule, match, base, literal }: Hit, setting: Setting): Finding {
  const { file, position, inFailoverPath, regions, variant } = setting;
  const from = position(base + match.start);
  const to = position(base + match.end);
  const text = file.text.slice(base + match.start, base + match.end);
  return {
    rule: rule.id,
    level: levelOf(match, inFailoverPath, regions),
    file: file.path,
    ...from,
    endLine: to.line,
    endColumn: to.column,
    text,
    message: messageOf(match, text, literal, variant),
    region: match.region,
    inFailoverPath,
    ...(literal?.subject === undefined ? {} : { subject: literal.subject }),
    ...(match.host === undefined ? {} : { host: match.host }),
    ...(match.call === undefined ? {} : { call: match.call }),
  };
}

/** What names a lost region is wrong anywhere; what a third region serves matters where it stands in the failover's way. */
function levelOf({ isGlobal, isPossible, region }: Match, inFailoverPath: boolean, regions: readonly string[]): Level {
  if (isGlobal !== true) return inFailoverPath ? "error" : "warning";
  if (!inFailoverPath || isPossible === true) return "note";
  return regions.length === 0 || regions.includes(region) ? "error" : "warning";
}

function messageOf(match: Match, text: string, literal: Literal | undefined, variant: string | undefined): string {
  const word = literal === undefined ? (match.call?.operation ?? text) : wordAround(literal.text, match, text);
  const said = word === match.region ? `${word} is named` : `${word} ${match.says}`;
  if (literal?.subject === undefined) return said;
  const whose = variant === undefined ? "" : `the ${variant === "dr" ? "DR" : variant} variant of `;
  const where = literal.field.length === 0 ? "" : ` (${shortened(literal.field)})`;
  return `${whose}${literal.subject}: ${said}${where}`;
}

/** A longer word would hide what was found. */
const wordAtMost = 80;

/** What was found with the word that it stands in: `acme-logs-us-east-2`. Of a user and a password in a URL no more is told. */
function wordAround(text: string, { start, end }: Match, found: string): string {
  const before = text.slice(Math.max(0, start - wordAtMost), start);
  const after = text.slice(end, end + wordAtMost);
  const isCredentials = /\/\/[^/\s@]*$/.test(before) && /^[^/\s]*@/.test(after);
  const word = `${/[\w./-]*$/.exec(before)?.[0]}${found}${/^[\w./-]*/.exec(after)?.[0]}`;
  return isCredentials || word.length > wordAtMost ? found : word;
}

const shortened = (field: readonly string[]): string =>
  field.length <= 4 ? field.join(".") : `${field[0]}…${field.slice(-3).join(".")}`;
