import { type AllowComment, allowComments, byComment, byConfiguration, nameOf } from "./allow.ts";
import type { ScanConfig } from "./config.ts";
import { failoverPath, isAmong } from "./path.ts";
import { type Position, positionsOf } from "./positions.ts";
import { contentsOf } from "./read/index.ts";
import { ruleIds, rules } from "./rules/index.ts";
import type { Contents, Finding, Level, Literal, Match, Rule, Scan, Source } from "./types.ts";

export interface ScanOptions {
  /** Regions whose loss is asked about; none: all. */
  readonly regions: readonly string[];
  readonly config: ScanConfig;
  readonly leftOut?: Scan["leftOut"];
}

/** Scans texts for what ties them to one region. Pure: the same texts and options give the same findings, in the order of files and lines. */
export function scan(sources: readonly Source[], { regions, config, leftOut = [] }: ScanOptions): Scan {
  const files = sources.map((source) => ({ ...source, ...contentsOf(source) }));
  const path = config.failoverPath && failoverPath(files, config.failoverPath);
  const notices = files.flatMap(({ trouble }) => trouble ?? []);
  const used = new Set<object>();
  // Where any region is asked about, what holds for some does not hold.
  const allow = config.allow.filter(
    ({ lost }) => lost === undefined || (regions.length > 0 && regions.every((region) => lost.includes(region))),
  );
  const findings = files.flatMap((file) => {
    const place = placeOf(file, config);
    // What stands in the lost region is lost with it: what it names there concerns nobody.
    if (place !== undefined && regions.includes(place.region)) return [];
    const hits = hitsIn(file).filter(
      ({ match }) => match.region !== place?.region && (match.isGlobal === true || isAsked(match.region, regions)),
    );
    const position = positionsOf(file.text);
    const comments = allowComments(file.text, file.comments, (offset) => position(offset).line);
    notices.push(...comments.flatMap((comment) => troubleWith(comment, file.path)));
    const chain = path?.get(file.path);
    const inFailoverPath = path === undefined || chain !== undefined || place !== undefined;
    return hits.map((hit): Finding => {
      const found = findingOf(hit, {
        file,
        position,
        inFailoverPath,
        regions,
        variant: place?.variant ?? file.variant,
      });
      const lines = [found.line, position(hit.literal?.offset ?? 0).line];
      const comment = comments.find((one) => byComment(one, found.rule, lines) !== undefined);
      const allowance = allow.find((one) => byConfiguration(one, found) !== undefined);
      if (comment !== undefined) used.add(comment);
      else if (allowance !== undefined) used.add(allowance);
      const allowed =
        (comment && byComment(comment, found.rule, lines)) ?? (allowance && byConfiguration(allowance, found));
      return { ...found, ...(chain && chain.length > 1 ? { chain } : {}), ...(allowed ? { allowed } : {}) };
    });
  });
  const idle = allow.filter((one) => !used.has(one)).map((one) => `allows nothing any more: ${nameOf(one)}`);
  return { regions, findings, notices: [...notices, ...idle], files: files.length, leftOut };
}

const isAsked = (region: string, regions: readonly string[]): boolean =>
  regions.length === 0 || regions.includes(region);

type File = Source & Contents;

/** The region that a file was made for. */
function placeOf({ path, variant }: File, { places }: ScanConfig): ScanConfig["places"][number] | undefined {
  return places.find(
    (place) =>
      (place.files !== undefined || place.variant !== undefined) &&
      (place.files === undefined || isAmong(path, place.files)) &&
      (place.files !== undefined || place.variant === variant),
  );
}

interface Hit {
  readonly rule: Rule;
  readonly match: Match;
  /** Where the text of the match begins to count. */
  readonly base: number;
  readonly literal?: Literal;
}

function hitsIn({ literals, calls }: Contents): Hit[] {
  const inTexts = literals.flatMap((literal) => {
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
      (rule.inText?.(literal) ?? [])
        .filter(isNews)
        .map((match): Hit => ({ rule, match, base: literal.offset, literal })),
    );
  });
  const ofCalls = calls.flatMap((call) =>
    rules.flatMap((rule): Hit[] => {
      const said = rule.ofCall?.(call);
      return said ? [{ rule, match: { ...said, start: 0, end: call.length }, base: call.offset }] : [];
    }),
  );
  return [...inTexts, ...ofCalls].sort((a, b) => a.base + a.match.start - (b.base + b.match.start));
}

interface Setting {
  readonly file: File;
  readonly position: (offset: number) => Position;
  readonly inFailoverPath: boolean;
  readonly regions: readonly string[];
  readonly variant: string | undefined;
}

function findingOf({ rule, match, base, literal }: Hit, setting: Setting): Finding {
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
  return isAsked(region, regions) ? "error" : "warning";
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

/** What is wrong with an allowance in a comment. */
function troubleWith({ line, rules: named, reason }: AllowComment, path: string): string[] {
  const unknown = named.filter((rule) => !ruleIds.includes(rule));
  if (reason === "")
    return [`${path}:${line}: gameday-allow without a reason allows nothing: write gameday-allow: why`];
  return unknown.length === 0
    ? []
    : [`${path}:${line}: gameday-allow ${unknown.join(", ")}: there is no such rule; there are ${ruleIds.join(", ")}`];
}
