import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Drill, History, Reporter, Result, Verdict } from "../harness/types.ts";
import { countOf } from "../harness/words.ts";
import { deploymentsOf, drillsOrWhole } from "./deployments.ts";
import { drillTitle } from "./drills.ts";
import { interval, lineOf } from "./format.ts";
import { grouped, type Headline, headlines, tableRows } from "./headline.ts";
import { unfinished } from "./unfinished.ts";

/** GitHub drops a whole step summary over 1 MiB; nobody reads a fifth of that. */
const BYTES_AT_MOST = 200_000;
const marks: Readonly<Record<Verdict["outcome"], string>> = { pass: "✅ pass", fail: "❌ fail", unknown: "❔ unknown" };

/** Writes `summary.md`, for a pull request or a CI job's summary. */
export const markdownReporter = (directory: string): Reporter => ({
  onEnd: (result, history) => writeFile(join(directory, "summary.md"), markdown(result, history)),
});

export function markdown(result: Result, history: History): string {
  const objectives = tableRows(result);
  const text = [
    `## ${marks[result.outcome === "pass" || result.outcome === "fail" ? result.outcome : "unknown"].split(" ")[0]} ${result.outcome.toUpperCase()}: ${plain(result.scenario.title)}`,
    plain(result.because),
    ...grouped(objectives, result).flatMap(({ drill, isWhole, rows }) => [
      drill === undefined ? (isWhole ? "**the whole run**" : "") : `**${plain(drillTitle(drill))}**`,
      objectivesTable(rows, result),
    ]),
    [...objectives, ...headlines(result, "validity")]
      .filter(({ verdict }) => verdict.outcome !== "pass")
      .map(
        ({ metric, drill, because, verdict }) =>
          `- **${plain([drill?.name, metric].filter(Boolean).join(": "))}**: ${plain(because)}${cited(verdict, result)}`,
      )
      .join("\n"),
    unfinished(history)
      .map(({ what, because }) => `- ${plain(what)} stayed open: ${plain(because)}`)
      .join("\n"),
    ...drillsOrWhole(result).map((drill) => slowest(result, drill)),
    `<sub>regions ${result.regions.lost} and ${result.regions.survivor} · tier ${result.tier} · ${countOf(result.deployments.length, "deployment")} · seed \`${result.seed}\`${ending(result)}. The whole story is in \`report.html\`.</sub>`,
  ];
  return capped(`${text.filter((part) => part !== "").join("\n\n")}\n`);
}

function objectivesTable(rows: readonly Headline[], { timeScale }: Result): string {
  const scaled = timeScale !== 1;
  return table(
    ["metric", "objective", "measured", ...(scaled ? [`projected × ${timeScale}`] : []), "verdict"],
    rows.map(({ metric, objective, measured, projected, verdict }) => [
      metric,
      objective,
      measured,
      ...(scaled ? [projected] : []),
      marks[verdict.outcome],
    ]),
  );
}

function slowest(result: Result, drill: Drill | undefined): string {
  const rows = deploymentsOf(result, drill)
    .filter(({ rto }) => rto !== undefined)
    .slice(0, 10)
    .map(({ name, rto, outcome, lastError }) => [
      name,
      rto === undefined ? "" : interval(rto, "ms"),
      marks[outcome],
      lastError ?? "",
    ]);
  if (rows.length === 0) return "";
  return `<details><summary>The slowest deployments${drill === undefined ? "" : ` in the ${plain(drill.name)}`}</summary>\n\n${table(["deployment", "to stable", "", "last error"], rows)}\n\n</details>`;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(plain).join(" | ")} |`).join("\n");

const cited = ({ evidence }: Verdict, { history }: Result): string =>
  evidence.length === 0 ? "" : ` (\`${history.file.split("/").at(-1)}:${lineOf(evidence[0] ?? 0)}\`)`;

/** Where the history ends, and the hash that stands for all of it. */
const ending = ({ history: { ops, hash } }: Result): string =>
  hash === undefined ? "" : ` · history of ${countOf(ops, "line")}, the last with hash \`${hash}\``;

/** Text that no Markdown reader takes for more than text. */
const plain = (text: string): string =>
  text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .replace(/[\\`*_{}[\]|#~]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;");

function capped(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= BYTES_AT_MOST) return text;
  const note = "\n\n… cut; the whole story is in `report.html`.\n";
  return `${bytes.subarray(0, BYTES_AT_MOST - Buffer.byteLength(note) - 4).toString()}${note}`;
}
