import { createHash } from "node:crypto";
import { rules } from "./rules/index.ts";
import { sightInWords } from "./text.ts";
import type { Attempts, Finding, Scan } from "./types.ts";

/**
 * A scan as a SARIF 2.1.0 log. Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01". Paths are
 * relative to the root of the scan; what is allowed is a suppressed result with its reason.
 */
export function sarifOf({ findings, notices, regions, run }: Scan): object {
  const known = new Map(rules.map(({ id }, index) => [id, index]));
  const seen = new Map<string, number>();
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "gameday scan", rules: [...rules, onlyAtRunTime].map(descriptor) } },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { ROOT: { description: { text: "The directory in which the scan was called." } } },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: [...notices, ...(run?.trouble === undefined ? [] : [run.trouble])].map(
              (text) => ({ level: "warning", message: { text } }),
            ),
          },
        ],
        properties: { regions },
        results: [
          ...findings.map((finding) => result(finding, known.get(finding.rule), seen)),
          ...(run?.unexplained ?? []).map(surprise),
        ],
      },
    ],
  };
}

/** Not of the scan's own: what only a run could find. */
const onlyAtRunTime = {
  id: "only-at-run-time",
  title: "An attempt that no text foretold",
  help: "The failover reached for this region while it was lost, from a line that names none: its address was put together while the program ran, from a record or a setting. Take it from the region in which the step runs.",
  source: "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/static-stability.html",
};

const descriptor = ({ id, title, help, source }: typeof onlyAtRunTime) => ({
  id,
  name: id.replace(/(?:^|-)([a-z])/g, (_, first: string) => first.toUpperCase()),
  shortDescription: { text: `${title}.` },
  fullDescription: { text: help },
  help: { text: `${help}\n\nSource: ${source}`, markdown: `${help}\n\nSource: <${source}>` },
  helpUri: source,
  defaultConfiguration: { level: "warning" },
});

function result(finding: Finding, ruleIndex: number | undefined, seen: Map<string, number>) {
  const { rule, level, file, line, column, endLine, endColumn, text, message, subject, allowed } = finding;
  return {
    ruleId: rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level,
    message: { text: `${message}.` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file), uriBaseId: "ROOT" },
          region: { startLine: line, startColumn: column, endLine, endColumn, snippet: { text } },
        },
        ...(subject === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: subject }] }),
      },
    ],
    partialFingerprints: { "gameday/v1": fingerprint(finding, seen) },
    ...(allowed === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: allowed.by === "comment" ? "inSource" : "external",
              status: "accepted",
              justification: allowed.reason,
            },
          ],
        }),
    properties: {
      region: finding.region,
      inFailoverPath: finding.inFailoverPath,
      ...(finding.chain === undefined ? {} : { loadedBy: finding.chain }),
      ...(finding.host === undefined ? {} : { host: finding.host }),
      ...(finding.call === undefined ? {} : { call: `${finding.call.service} ${finding.call.operation}` }),
      ...(finding.seen === undefined ? {} : { seenAtRunTime: finding.seen !== null }),
      ...(finding.seen ? { attempts: finding.seen.count, heldUp: finding.seen.heldUp } : {}),
    },
  };
}

function surprise(attempts: Attempts) {
  const { by, what, region, because, frames, count, heldUp, allowed } = attempts;
  const [, file, line] = /^(.*?):(\d+)(?::\d+)?$/.exec(frames[0] ?? "") ?? [];
  return {
    ruleId: onlyAtRunTime.id,
    ruleIndex: rules.length,
    level: "error",
    message: { text: `${by.join(", ")} tried ${what} in ${region}: ${because}; ${sightInWords(attempts)}.` },
    locations:
      file === undefined
        ? []
        : [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(file), uriBaseId: "ROOT" },
                region: { startLine: Number(line) },
              },
            },
          ],
    ...(allowed === undefined
      ? {}
      : { suppressions: [{ kind: "external", status: "accepted", justification: allowed }] }),
    properties: { region, seenAtRunTime: true, attempts: count, heldUp },
  };
}

/** Stays the same when lines move: the rule, the file, what stands there, and the how-manieth of these it is. */
function fingerprint({ rule, file, text }: Finding, seen: Map<string, number>): string {
  const key = [rule, file, text].join("\n");
  const count = (seen.get(key) ?? 0) + 1;
  seen.set(key, count);
  return createHash("sha256").update(`${key}\n${count}`).digest("hex").slice(0, 32);
}
