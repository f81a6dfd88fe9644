import { countOf } from "../harness/words.ts";
import type { Attempts, Finding, Level, Scan, Seen } from "./types.ts";

const levels: readonly Level[] = ["error", "warning", "note"];

/** Findings that fail the scan: errors and warnings that nobody has allowed. */
export const isOpen = ({ level, allowed }: Finding): boolean => allowed === undefined && level !== "note";

/** Attempts that fail the scan: no finding explains them, and the run did not expect them. */
export const isSurprise = ({ allowed }: Attempts): boolean => allowed === undefined;

export const isClean = ({ findings, run }: Scan): boolean =>
  !findings.some(isOpen) && run?.unexplained.some(isSurprise) !== true;

/** What a run saw of it, in words. */
export function sightInWords({ count, unanswered, heldUp }: Seen): string {
  return [
    `seen ${countOf(count, "time")}`,
    ...(unanswered === 0
      ? []
      : [`${unanswered === count ? "never" : `${countOf(count - unanswered, "time")}`} answered`]),
    ...(heldUp.length === 0 ? [] : [`held up ${heldUp.join(" and ")}`]),
  ].join(", ");
}

/** A scan as one reads it in a terminal: by file, what is open first, then what is allowed and why. */
export function textOf(scan: Scan): string {
  const { findings, notices, files, leftOut, regions, run } = scan;
  const open = findings.filter(({ allowed }) => allowed === undefined);
  const allowed = findings.filter((finding) => finding.allowed !== undefined);
  const counts = levels.map((level) => countOf(open.filter((one) => one.level === level).length, level)).join(", ");
  const out = leftOut.map(({ reason, files: count }) => `${count} left out as ${reason}`).join(", ");
  const asked = regions.length === 0 ? "any one region" : regions.join(", ");
  return [
    ...byFile(
      open,
      ({ level, rule, message, seen }) => `${level.padEnd(7)}  ${rule.padEnd(20)}  ${message}${sight(seen)}`,
    ),
    ...byReason(allowed),
    ...unexplained(run),
    ...notices.map((notice) => `notice: ${notice}`),
    `${countOf(files, "file")} scanned for what points at ${asked}${out === "" ? "" : `, ${out}`}`,
    ...comparison(scan),
    `${counts}, ${countOf(allowed.length, "allowed finding")}`,
  ].join("\n");
}

function byFile(findings: readonly Finding[], line: (finding: Finding) => string): string[] {
  return [...Map.groupBy(findings, ({ file }) => file)].flatMap(([file, found]) => {
    const by = found[0]?.chain?.slice(0, -1);
    return [
      by === undefined ? file : `${file} (loaded by ${by.join(" > ")})`,
      ...found.map((one) => `  ${`${one.line}:${one.column}`.padStart(7)}  ${line(one)}`),
      "",
    ];
  });
}

function byReason(findings: readonly Finding[]): string[] {
  return [...Map.groupBy(findings, ({ allowed }) => allowed?.reason)].flatMap(([reason, found]) => {
    const places = found.map(({ file, line, column }) => `${file}:${line}:${column}`);
    const width = Math.max(...places.map(({ length }) => length));
    return [
      `allowed: ${reason}`,
      ...found.map(
        ({ rule, message, seen }, n) => `  ${places[n]?.padEnd(width)}  ${rule.padEnd(20)}  ${message}${sight(seen)}`,
      ),
      "",
    ];
  });
}

const sight = (seen: Finding["seen"]): string =>
  seen === undefined ? "" : ` [${seen === null ? "not seen" : sightInWords(seen)}]`;

function unexplained(run: Scan["run"]): string[] {
  const surprises = run?.unexplained.filter(isSurprise) ?? [];
  return surprises.length === 0
    ? []
    : [
        "attempted in the run, and in nothing that was scanned:",
        ...surprises.map(
          (one) =>
            `  ${one.by.join(", ")}: ${one.what} in ${one.region}, from ${one.frames[0] ?? "a line that could not be seen"} [${sightInWords(one)}]`,
        ),
        "",
      ];
}

function comparison({ findings, run }: Scan): string[] {
  if (run === undefined) return [];
  const seen = findings.filter((one) => one.seen).length;
  const expected = run.unexplained.filter((one) => !isSurprise(one)).length;
  return [
    `compared with a run that lost ${run.lost}: ${countOf(seen, "finding")} seen, ${countOf(findings.length - seen, "finding")} not; ${countOf(run.unexplained.length - expected, "attempt")} without a finding, ${expected} more that the run expected`,
    ...(run.trouble === undefined ? [] : [`notice: what was not seen may have happened all the same: ${run.trouble}`]),
  ];
}
