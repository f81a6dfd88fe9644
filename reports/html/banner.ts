import type { Result } from "../../harness/types.ts";
import { countOf, duration } from "../../harness/words.ts";
import { type Child, h, type Markup, unbroken } from "../markup.ts";
import { anchorOf } from "./evidence.ts";
import type { Reading } from "./reading.ts";

/** What came of it in one sentence, and what it was. */
export function banner({ result, engine, faults }: Reading): Markup {
  const { lost, survivor, controlPlanes } = result.regions;
  const wasLost = faults.find((one) => one.lost !== undefined)?.lost;
  const wasGray = faults.find((one) => one.gray !== undefined)?.gray;
  const wasHit = wasLost ?? wasGray;
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
      sentences(result),
    ),
    h("p", { class: "promise" }, "The promise: ", result.scenario.promise),
    result.interrupted &&
      h("p", { class: "notice" }, "This run was interrupted. What follows is what was known until then."),
    facts([
      ...(wasHit === undefined
        ? ([["regions, none of them lost", `${lost} and ${survivor}`]] as const)
        : ([
            [wasLost === undefined ? "region gray" : "region lost", wasHit],
            ["survivor", wasHit === lost ? survivor : lost],
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

/** What came of it, each verdict's sentence a link to where it stands with its evidence. */
function sentences({ because, verdicts }: Result): Child {
  const told = verdicts
    .map((verdict) => ({ verdict, at: verdict.because === "" ? -1 : because.indexOf(verdict.because) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at || b.verdict.because.length - a.verdict.because.length);
  let reached = 0;
  const parts: Child[] = [];
  for (const { verdict, at } of told) {
    // Two verdicts may say the same; the first of them has it.
    if (at < reached) continue;
    const end = at + verdict.because.length;
    parts.push(
      between(because.slice(reached, at), verdicts),
      h("a", { href: `#${anchorOf(verdict)}` }, unbroken(because.slice(at, end))),
    );
    reached = end;
  }
  return [parts, between(because.slice(reached), verdicts)];
}

/** What the judgement itself says: that a region was lost, and how many objectives were met besides. */
function between(text: string, verdicts: Result["verdicts"]): Child {
  const landed = verdicts.find(({ checker }) => checker === "fault-landed");
  return text.split(/(\S+ was lost(?=; )|\d+ more met$)/).map((part, n) => {
    const target = part.endsWith("more met") ? "objectives" : landed && anchorOf(landed);
    return n % 2 === 0 || target === undefined ? unbroken(part) : h("a", { href: `#${target}` }, unbroken(part));
  });
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
