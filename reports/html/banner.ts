import type { Result } from "../../harness/types.ts";
import { countOf, duration } from "../../harness/words.ts";
import { h, type Markup, unbroken } from "../markup.ts";
import type { Reading } from "./reading.ts";

/** What came of it in one sentence, and what it was. */
export function banner({ result, engine, faults }: Reading): Markup {
  const { lost, survivor, controlPlanes } = result.regions;
  const wasLost = faults.find((one) => one.lost !== undefined)?.lost;
  return h(
    "header",
    { class: `banner ${result.outcome}` },
    h(
      "div",
      { class: "eyebrow" },
      h("span", {}, "Game day"),
      h("span", {}, result.scenario.title),
      h("span", {}, dateOf(result)),
    ),
    h(
      "h1",
      { class: result.because.length > 160 && "long" },
      h("span", { class: "outcome" }, result.outcome),
      unbroken(result.because),
    ),
    h("p", { class: "promise" }, "The promise: ", result.scenario.promise),
    result.interrupted &&
      h("p", { class: "notice" }, "This run was interrupted. What follows is what was known until then."),
    facts([
      ...(wasLost === undefined
        ? ([["regions, none of them lost", `${lost} and ${survivor}`]] as const)
        : ([
            ["region lost", wasLost],
            ["survivor", wasLost === lost ? survivor : lost],
          ] as const)),
      ["global control planes in", controlPlanes],
      ["tier", tierName(result)],
      ["deployments", countOf(result.deployments.length, "deployment")],
      ["load", engine],
      ["FIS experiment", result.experimentId ?? "none"],
      ["lasted", duration(result.durationMs)],
      ["seed", result.seed],
    ]),
  );
}

export const facts = (known: readonly (readonly [string, string])[]): Markup =>
  h(
    "dl",
    { class: "facts" },
    known.map(([name, value]) =>
      h("div", { class: value.length > 40 && "wide" }, h("dt", {}, name), h("dd", {}, unbroken(value))),
    ),
  );

const tierName = ({ tier, timeScale }: Result): string =>
  timeScale === 1 ? tier : `${tier}, modelled delays ÷ ${timeScale}`;

const dateOf = ({ startedAt }: Result): string => startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC");
