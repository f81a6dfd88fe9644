import type { Allowance, ScanConfig } from "./config.ts";
import { isAmong } from "./path.ts";
import type { Comment, Finding } from "./types.ts";

type Allowed = NonNullable<Finding["allowed"]>;

/** A comment `gameday-allow: reason`, or `gameday-allow region-name, regional-arn: reason`: for its own line and the next one with code. */
export interface AllowComment {
  readonly line: number;
  readonly lines: readonly number[];
  /** Empty: all. */
  readonly rules: readonly string[];
  readonly reason: string;
}

const pattern = /gameday-allow\b[ \t]*([a-z0-9, \t-]*?)[ \t]*(?::[ \t]*(.*?))?[ \t]*(?:\*\/)?$/m;

export function allowComments(text: string, comments: readonly Comment[], lineOf: (offset: number) => number) {
  const lines = text.split("\n");
  const isCommentOnly = (line: number): boolean =>
    (lines[line - 1] ?? "").trim() === "" ||
    comments.some(
      ({ offset, end }) =>
        lineOf(offset) <= line && line <= lineOf(end) && /^\s*(?:\/[/*]|\*|#|--|;)/.test(lines[line - 1] ?? ""),
    );
  return comments.flatMap((comment): AllowComment[] => {
    const [found, rules = "", reason = ""] = pattern.exec(comment.text) ?? [];
    if (found === undefined) return [];
    const line = lineOf(comment.offset);
    const last = lineOf(comment.end);
    let next = last;
    if (isCommentOnly(line)) {
      do next++;
      while (next < lines.length && isCommentOnly(next));
    }
    const named = rules.split(",").map((rule) => rule.trim());
    return [{ line, lines: [line, last, next], rules: named.filter((rule) => rule !== ""), reason: reason.trim() }];
  });
}

/** A comment without a reason allows nothing. */
export const byComment = (comment: AllowComment, rule: string, lines: readonly number[]): Allowed | undefined =>
  comment.reason !== "" &&
  (comment.rules.length === 0 || comment.rules.includes(rule)) &&
  comment.lines.some((line) => lines.includes(line))
    ? { by: "comment", reason: comment.reason }
    : undefined;

export const byConfiguration = (
  { rule, files, text, reason }: Allowance,
  finding: Pick<Finding, "rule" | "file" | "text" | "message">,
): Allowed | undefined =>
  (rule === undefined || rule === finding.rule) &&
  (files === undefined || isAmong(finding.file, files)) &&
  (text === undefined || finding.message.includes(text) || finding.text.includes(text))
    ? { by: "configuration", reason }
    : undefined;

/** Allowances of the configuration as one names them. */
export const nameOf = ({ rule, files, text }: ScanConfig["allow"][number]): string =>
  [
    rule,
    text === undefined ? undefined : JSON.stringify(text),
    files === undefined ? undefined : `in ${files.join(", ")}`,
  ]
    .filter((one) => one !== undefined)
    .join(" ") || "everything";
