import type { Result, Verdict } from "../../harness/types.ts";
import { type Headline, headlines } from "../headline.ts";
import { type Paint, padEnd, type Style, width } from "./paint.ts";

const outcomeStyle: Readonly<Record<Result["outcome"] | Verdict["outcome"], Style>> = {
  pass: "green",
  fail: "red",
  inconclusive: "yellow",
  invalid: "magenta",
  unknown: "yellow",
};

/** How a run ended, for people: the outcome in one sentence, a table of objectives, what makes it valid, where to read more. */
export function summary(result: Result, report: string, paint: Paint): string {
  const objectives = headlines(result, "objective");
  const others = [...headlines(result, "validity"), ...headlines(result, "advice")];
  const missed = objectives.filter(({ verdict }) => verdict.outcome !== "pass");
  const banner = paint(
    [...[outcomeStyle[result.outcome]].flat(), "bold", "inverse"],
    ` ${result.outcome.toUpperCase()} `,
  );
  return [
    "",
    `${banner}  ${result.because}`,
    "",
    ...table(objectives, result, paint),
    ...(missed.length === 0 ? [] : ["", ...missed.map((one) => sentence(one, paint))]),
    ...(others.length === 0 ? [] : ["", ...others.map((one) => sentence(one, paint))]),
    "",
    `${paint("dim", "report")}  ${report}`,
    `${paint("dim", "seed")}    ${result.seed}`,
    "",
  ].join("\n");
}

function table(rows: readonly Headline[], result: Result, paint: Paint): string[] {
  if (rows.length === 0) return ["no objective was judged"];
  const scaled = result.timeScale !== 1;
  const head = ["objective", "limit", scaled ? `measured in the ${result.tier}` : "measured"];
  if (scaled) head.push(`projected ×${result.timeScale}`);
  head.push("verdict");
  const cells = rows.map(({ metric, objective, measured, projected, verdict }) => [
    metric,
    objective,
    measured,
    ...(scaled ? [projected] : []),
    paint(outcomeStyle[verdict.outcome], verdict.outcome),
  ]);
  const widths = head.map((title, n) => Math.max(width(title), ...cells.map((row) => width(row[n] ?? ""))));
  const row = (texts: readonly string[]): string =>
    texts
      .map((text, n) => padEnd(text, widths[n] ?? 0))
      .join("   ")
      .trimEnd();
  return [
    paint("dim", row(head)),
    paint("dim", widths.map((columns) => "─".repeat(columns)).join("   ")),
    ...cells.map(row),
  ];
}

const marks: Readonly<Record<Verdict["outcome"], string>> = { pass: "✔", fail: "✘", unknown: "?" };

const sentence = ({ metric, verdict }: Headline, paint: Paint): string =>
  `${paint(outcomeStyle[verdict.outcome], marks[verdict.outcome])} ${paint("bold", metric)}: ${verdict.because}`;
