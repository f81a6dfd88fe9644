import { type AllowComment, allowComments, byComment, byConfiguration, nameOf } from "./allow.ts";
import type { ScanConfig } from "./config.ts";
import { findingOf } from "./finding.ts";
import { hitsIn } from "./hits.ts";
import { isOf, together } from "./join.ts";
import { failoverPath, isAmong } from "./path.ts";
import { positionsOf } from "./positions.ts";
import { contentsOf } from "./read/index.ts";
import { ruleIds } from "./rules/index.ts";
import type { RunSeen } from "./run.ts";
import type { Attempts, Contents, Finding, Scan, Source } from "./types.ts";

export interface ScanOptions {
  /** Regions whose loss is asked about; none: all. */
  readonly regions: readonly string[];
  readonly config: ScanConfig;
  readonly leftOut?: Scan["leftOut"];
  /** What findings are compared with. What was seen there is in the failover path, wherever it stands. */
  readonly run?: RunSeen | undefined;
}

/** Scans texts for what ties them to one region. Pure: the same texts and options give the same findings, in the order of files and lines. */
export function scan(sources: readonly Source[], { regions, config, leftOut = [], run }: ScanOptions): Scan {
  const files = sources.map((source) => ({ ...source, ...contentsOf(source) }));
  const path = config.failoverPath && failoverPath(files, config.failoverPath);
  const allow = config.allow.filter(
    // Where any region is asked about, what holds for some does not hold.
    ({ lost }) => lost === undefined || (regions.length > 0 && regions.every((region) => lost.includes(region))),
  );
  const notices: string[] = files.flatMap(({ trouble }) => trouble ?? []);
  const used = new Set<object>();
  const explained = new Set<Attempts>();

  const findings = files.flatMap((file) => {
    const place = placeOf(file, config);
    // What stands in the lost region is lost with it: what it names there concerns nobody.
    if (place !== undefined && regions.includes(place.region)) return [];
    const position = positionsOf(file.text);
    const comments = allowComments(file.text, file.comments, (offset) => position(offset).line);
    notices.push(...comments.flatMap((comment) => troubleWith(comment, file.path)));
    const chain = path?.get(file.path);
    const isOnPath = path === undefined || chain !== undefined || place !== undefined;
    const hits = hitsIn(file).filter(
      ({ match }) =>
        match.region !== place?.region &&
        (match.isGlobal === true || regions.length === 0 || regions.includes(match.region)),
    );
    return hits.map((hit): Finding => {
      const attempts = run?.attempts.filter((one) => isOf({ ...hit.match, file: file.path }, one)) ?? [];
      for (const one of attempts) explained.add(one);
      const inFailoverPath = isOnPath || attempts.length > 0;
      const variant = place?.variant ?? file.variant;
      const found = findingOf(hit, { file, position, inFailoverPath, regions, variant });
      const lines = [found.line, position(hit.literal?.offset ?? 0).line];
      const comment = comments.find((one) => byComment(one, found.rule, lines) !== undefined);
      const allowance = allow.find((one) => byConfiguration(one, found) !== undefined);
      if (comment === undefined && allowance !== undefined) used.add(allowance);
      const allowed =
        (comment && byComment(comment, found.rule, lines)) ?? (allowance && byConfiguration(allowance, found));
      return {
        ...found,
        ...(chain && chain.length > 1 ? { chain } : {}),
        ...(allowed ? { allowed } : {}),
        ...(run === undefined ? {} : { seen: together(attempts) }),
      };
    });
  });

  const idle = allow.filter((one) => !used.has(one)).map((one) => `this allows nothing here: ${nameOf(one)}`);
  const { lost, trouble, attempts = [] } = run ?? {};
  const unexplained = attempts.filter((one) => !explained.has(one) && !one.isPossible);
  return {
    regions,
    findings,
    notices: [...notices, ...idle],
    files: files.length,
    leftOut,
    ...(lost === undefined ? {} : { run: { lost, ...(trouble === undefined ? {} : { trouble }), unexplained } }),
  };
}

/** The region that a file was made for. */
function placeOf({ path, variant }: Source & Contents, { places }: ScanConfig) {
  return places.find((place) =>
    place.files === undefined ? place.variant !== undefined && place.variant === variant : isAmong(path, place.files),
  );
}

/** What is wrong with an allowance in a comment. */
function troubleWith({ line, rules: named, reason }: AllowComment, path: string): string[] {
  const unknown = named.filter((rule) => !ruleIds.includes(rule));
  if (reason === "")
    return [`${path}:${line}: gameday-allow without a reason allows nothing: write gameday-allow: why`];
  return unknown.length === 0
    ? []
    : [`${path}:${line}: gameday-allow ${unknown.join(", ")}: there is no such rule; there are ${ruleIds.join(", ")}`];
}
