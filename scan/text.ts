import { countOf } from "../harness/words.ts";
import type { Finding, Level, Scan } from "./types.ts";

const levels: readonly Level[] = ["error", "warning", "note"];

/** Findings that fail the scan: errors and warnings that nobody has allowed. */
export const isOpen = ({ level, allowed }: Finding): boolean => allowed === undefined && level !== "note";

/** A scan as one reads it in a terminal: by file, what is open first, then what is allowed and why. */
export function textOf(scan: Scan): string {
  const { findings, notices, files, leftOut, regions } = scan;
  const open = findings.filter(({ allowed }) => allowed === undefined);
  const allowed = findings.filter((finding) => finding.allowed !== undefined);
  const counts = levels.map((level) => countOf(open.filter((one) => one.level === level).length, level)).join(", ");
  const out = leftOut.map(({ reason, files: count }) => `${count} left out as ${reason}`).join(", ");
  const asked = regions.length === 0 ? "any one region" : regions.join(", ");
  return [
    ...byFile(open, ({ level, rule, message }) => `${level.padEnd(7)}  ${rule.padEnd(20)}  ${message}`),
    ...byReason(allowed),
    ...notices.map((notice) => `notice: ${notice}`),
    `${countOf(files, "file")} scanned for what points at ${asked}${out === "" ? "" : `, ${out}`}`,
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
      ...found.map(({ rule, message }, n) => `  ${places[n]?.padEnd(width)}  ${rule.padEnd(20)}  ${message}`),
      "",
    ];
  });
}
