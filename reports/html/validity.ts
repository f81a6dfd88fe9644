import { countOf } from "../../harness/words.ts";
import { adviceRows, type Headline, headlines } from "../headline.ts";
import { type Child, h, type Markup, unbroken } from "../markup.ts";
import { numberOf } from "../values.ts";
import { facts } from "./banner.ts";
import { anchorOf, cited } from "./evidence.ts";
import { chips } from "./figures.ts";
import { toneOf, verdictMark } from "./headline-table.ts";
import type { Reading } from "./reading.ts";

/** Whether the measurement itself worked: the fault landed, the probes and the load generator were fit, the clock ran even. */
export function validity(reading: Reading): Markup {
  return h(
    "section",
    { id: "validity" },
    h("h2", {}, "Can this run be believed?"),
    h(
      "p",
      { class: "lead" },
      "A run whose fault was not confirmed, or whose probes or load did not work, is invalid, whatever else it says.",
    ),
    checks(reading, headlines(reading.result, "validity")),
    facts(known(reading)),
  );
}

/** Findings that inform and decide nothing. */
export const advice = (reading: Reading): Child =>
  adviceRows(reading.result).length > 0 &&
  h(
    "section",
    { id: "advice" },
    h("h2", {}, "Worth knowing"),
    h("p", { class: "lead" }, "These findings decide nothing; they say where to look."),
    checks(reading, adviceRows(reading.result)),
  );

const checks = ({ result }: Reading, rows: readonly Headline[]): Child =>
  h(
    "ul",
    { class: "checks" },
    rows.map(({ verdict, metric, drill, because }) =>
      h(
        "li",
        { class: toneOf(verdict.outcome), id: anchorOf(verdict) },
        verdictMark(verdict.outcome),
        h(
          "div",
          {},
          h("div", { class: "metric" }, drill === undefined ? metric : `${metric}, ${drill.name}`),
          h("div", { class: "because" }, unbroken(because)),
          chips(verdict.details),
          cited(verdict, result),
        ),
      ),
    ),
  );

function known({ history, result, faults, engine }: Reading): [string, string][] {
  const steps = [...history.pairs("run", "step")].map(({ invocation }) => numberOf(invocation.value, "stepMs") ?? 0);
  const landed = new Map(faults.map(({ name, landedBy }) => [`${name}, as seen by`, landedBy ?? "nobody"]));
  return [
    ...landed,
    ...(result.experimentId === undefined ? [] : [["FIS experiment", result.experimentId] as [string, string]]),
    ["load engine", engine],
    [
      "wall clock",
      steps.length === 0
        ? "never stepped"
        : `${countOf(steps.length, "step")}: ${steps.map((ms) => `${ms} ms`).join(", ")}`,
    ],
    ["operations recorded", result.history.ops.toLocaleString("en-US")],
    ["hash of the last line", result.history.hash ?? "none: nothing shows whether a line was altered"],
  ];
}
