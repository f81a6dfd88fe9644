import type { Result, Verdict } from "../../harness/types.ts";
import { drillTitle } from "../drills.ts";
import { grouped, type Headline, type HeadlineGroup, tableRows } from "../headline.ts";
import { type Child, h, type Markup, unbroken } from "../markup.ts";
import { anchorOf, cited } from "./evidence.ts";
import { chips } from "./figures.ts";
import type { Reading } from "./reading.ts";

/** Objectives against what was measured: the lab's own value and its projection stand apart, under their own names. */
export function headlineTable({ result }: Reading): Markup {
  const rows = tableRows(result);
  const scaled = result.timeScale !== 1;
  return h(
    "section",
    { id: "objectives" },
    h("h2", {}, "Objectives"),
    rows.length === 0 && h("p", { class: "lead" }, "No objective was judged."),
    rows.length > 0 &&
      scaled &&
      h(
        "p",
        { class: "lead" },
        `Durations were measured in the ${result.tier}, where modelled delays are divided by ${result.timeScale}. The projection multiplies them by ${result.timeScale}: an upper bound, since real overheads are multiplied too. Objectives are compared with the projection.`,
      ),
    rows.length > 0 &&
      h(
        "div",
        { class: "scroll" },
        h(
          "table",
          { class: "headline" },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              [
                "metric",
                "objective",
                scaled ? `measured in the ${result.tier}` : "measured",
                ...(scaled ? [`projected (× ${result.timeScale})`] : []),
                "verdict",
              ].map((title) => h("th", { scope: "col" }, title)),
            ),
          ),
          grouped(rows, result).map((group) => body(group, result)),
        ),
      ),
  );
}

/** The rows of one drill, or of the whole run, under their title. */
function body({ drill, isWhole, rows }: HeadlineGroup, result: Result): Markup {
  const title = drill !== undefined ? drillTitle(drill) : isWhole ? "the whole run" : undefined;
  return h(
    "tbody",
    {},
    title !== undefined &&
      h(
        "tr",
        { class: "group" },
        h("th", { scope: "rowgroup", colspan: result.timeScale === 1 ? 4 : 5 }, unbroken(title)),
      ),
    rows.map((row) => objective(row, result)),
  );
}

function objective({ verdict, because, metric, objective, measured, projected }: Headline, result: Result): Markup {
  const scaled = result.timeScale !== 1;
  return h(
    "tr",
    { class: toneOf(verdict.outcome), id: anchorOf(verdict) },
    h(
      "td",
      {},
      h("div", { class: "metric" }, metric),
      h("div", { class: "because" }, unbroken(because)),
      chips(verdict.details),
      cited(verdict, result),
    ),
    h(
      "td",
      { class: "value", "data-label": "objective" },
      objective || h("span", { class: "quiet" }, verdict.kind === "advice" ? "no limit set" : "–"),
    ),
    h(
      "td",
      { class: projected === "" ? "value main" : "value", "data-label": "measured" },
      measured || "–",
      !scaled && gauge(verdict),
    ),
    scaled &&
      h(
        "td",
        { class: "value main", "data-label": "projected" },
        projected || h("span", { class: "quiet" }, verdict.measured === undefined ? "–" : "counted, not scaled"),
        gauge(verdict),
      ),
    h("td", { "data-label": "verdict" }, verdictMark(verdict.outcome)),
  );
}

const marks: Readonly<Record<Verdict["outcome"], string>> = { pass: "✔ pass", fail: "✘ fail", unknown: "? unknown" };
export const verdictMark = (outcome: Verdict["outcome"]): Markup =>
  h("span", { class: `verdict ${toneOf(outcome)}` }, marks[outcome]);
export const toneOf = (outcome: Verdict["outcome"]): string => (outcome === "unknown" ? "unknown-outcome" : outcome);

/** Where the interval lies against its limit. */
function gauge({ measured }: Verdict): Child {
  if (measured?.limit === undefined || measured.limit === 0) return undefined;
  const { low, high, limit } = measured;
  const width = 170;
  const full = Math.max(limit, high ?? low) * 1.08;
  const x = (value: number): number => (value / full) * width;
  const end = high === null ? width : x(high);
  return h(
    "svg",
    { class: "gauge", width, height: 12, "aria-hidden": "true" },
    h("rect", { class: "gauge-track", y: 4, width, height: 4, rx: 2 }),
    h("rect", {
      class: "gauge-value",
      x: Math.min(x(low), width - 4),
      y: 3,
      width: Math.max(4, end - x(low)),
      height: 6,
      rx: 2,
    }),
    h("rect", { class: "gauge-limit", x: x(limit), width: 1.5, height: 12 }),
  );
}
