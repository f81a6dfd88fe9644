import type { History, Result, Verdict } from "../../harness/types.ts";
import { countOf } from "../../harness/words.ts";
import { drillTitle } from "../drills.ts";
import { adviceRows, grouped, type Headline, headlines, tableRows } from "../headline.ts";
import { unfinished } from "../unfinished.ts";
import { type Paint, padEnd, type Style, width, wrap } from "./paint.ts";

const outcomeStyle: Readonly<Record<Result["outcome"] | Verdict["outcome"], Style>> = {
  pass: "green",
  fail: "red",
  inconclusive: "yellow",
  invalid: "magenta",
  unknown: "yellow",
};

export interface SummaryOptions {
  /** Path of the report, as it is printed. */
  readonly report: string;
  /** Where lines are to be broken; undefined where they are kept as they are. */
  readonly columns?: number | undefined;
}

/** How a run ended, for people: the outcome in one sentence, a table of objectives, what makes it valid, where to read more. */
export function summary(
  result: Result,
  history: History,
  { report, columns = Number.POSITIVE_INFINITY }: SummaryOptions,
  paint: Paint,
): string {
  const objectives = tableRows(result);
  const others = [...headlines(result, "validity"), ...adviceRows(result)];
  const missed = objectives.filter(({ verdict }) => verdict.outcome !== "pass");
  const sentences = (of: readonly Headline[]): string[] =>
    of.length === 0 ? [] : ["", ...of.map((one) => wrap(sentence(one, paint), columns - 2, "    "))];
  const banner = paint(
    [...[outcomeStyle[result.outcome]].flat(), "bold", "inverse"],
    ` ${result.outcome.toUpperCase()} `,
  );
  return [
    "",
    wrap(`  ${banner}  ${result.because}`, columns - 2, "  "),
    ...(result.interrupted ? ["", "  The run was interrupted; this is what was known until then."] : []),
    "",
    ...table(objectives, result, paint).map((line) => `  ${line}`),
    ...sentences(missed),
    ...sentences(others),
    ...stayedOpen(history).map((line) => wrap(line, columns - 2, "    ")),
    "",
    ...(result.history.hash === undefined
      ? []
      : [
          `  ${paint("dim", "history")} ${countOf(result.history.ops, "line")}, the last with hash ${result.history.hash}`,
        ]),
    `  ${paint("dim", "report")}  ${report}`,
    `  ${paint("dim", "seed")}    ${result.seed}`,
    "",
  ].join("\n");
}

const stayedOpen = (history: History): string[] => {
  const open = unfinished(history).map(({ what, because }) => `  ◌ ${what} stayed open: ${because}`);
  return open.length === 0 ? [] : ["", ...open];
};

function table(rows: readonly Headline[], result: Result, paint: Paint): string[] {
  if (rows.length === 0) return ["no objective was judged"];
  const scaled = result.timeScale !== 1;
  const head = ["objective", "limit", scaled ? `in the ${result.tier}` : "measured"];
  if (scaled) head.push(`projected ×${result.timeScale}`);
  head.push("verdict");
  const groups = grouped(rows, result);
  const indent = groups.some(({ drill }) => drill !== undefined) ? "  " : "";
  const cells = groups.map(({ rows: own }) => own.map((one) => cellsOf(one, indent, scaled, paint)));
  const widths = head.map((title, n) => Math.max(width(title), ...cells.flat().map((row) => width(row[n] ?? ""))));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, n) => padEnd(text, widths[n] ?? 0))
      .join("  ")
      .trimEnd();
  return [
    paint("dim", line(head)),
    paint("dim", widths.map((columns) => "─".repeat(columns)).join("  ")),
    ...groups.flatMap(({ drill, isWhole }, n) => [
      ...(drill === undefined ? [] : [paint("bold", drillTitle(drill))]),
      ...(isWhole ? [paint("bold", "the whole run")] : []),
      ...(cells[n] ?? []).map(line),
    ]),
  ];
}

const cellsOf = (
  { metric, objective, measured, projected, verdict }: Headline,
  indent: string,
  scaled: boolean,
  paint: Paint,
): string[] => [
  indent + metric,
  objective.replace("at most", "≤") || (verdict.kind === "advice" ? "–" : ""),
  measured,
  ...(scaled ? [projected] : []),
  paint(outcomeStyle[verdict.outcome], verdict.outcome),
];

const marks: Readonly<Record<Verdict["outcome"], string>> = { pass: "✔", fail: "✘", unknown: "?" };

const sentence = ({ metric, drill, because, verdict }: Headline, paint: Paint): string =>
  `  ${paint(outcomeStyle[verdict.outcome], marks[verdict.outcome])} ${paint("bold", [drill?.name, metric].filter(Boolean).join(": "))}: ${because}`;
