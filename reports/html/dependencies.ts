import { countOf, duration } from "../../harness/words.ts";
import { moment } from "../format.ts";
import { type Child, h, unbroken } from "../markup.ts";
import { field, listOf, numberOf, textOf } from "../values.ts";
import { lineLinks } from "./evidence.ts";
import { table } from "./figure.ts";
import type { Reading } from "./reading.ts";

/** What was tried beyond the survivor while a region was lost: by whom, from which line, whether a step had to wait, and what of it was allowed. */
export function dependencies({ verdict, result }: Reading): Child {
  const details = verdict("dependencies")?.details;
  const rows = listOf(details, "rows");
  if (details === undefined) return undefined;
  const isAllowed = (row: unknown): boolean => textOf(row, "allowed") !== undefined;
  const [open, expected] = [rows.filter((row) => !isAllowed(row)), rows.filter(isAllowed)];
  const left = numberOf(details, "left") ?? 0;
  return h(
    "section",
    { id: "dependencies" },
    h("h2", {}, `What reached beyond ${result.regions.survivor}`),
    h(
      "p",
      { class: "lead" },
      "Every attempt between the fault and the heal to reach the lost region, or a control plane in a third one. Global services count where they are changed. Hard: a step of the failover was under way while there was no good answer. ",
      heardOf(listOf(details, "recorders")),
    ),
    open.length === 0 ? h("p", {}, "Nothing did but what is allowed.") : table({ head, rows: open.map(cells) }),
    expected.length > 0 &&
      h(
        "details",
        { class: "allowed" },
        h("summary", {}, `${countOf(expected.length, "line")} of code whose attempts are allowed`),
        table({ head, rows: expected.map(cells) }),
      ),
    left > 0 && h("p", {}, `and ${countOf(left, "row")} more, in run.json`),
    allowList(listOf(details, "allowed")),
  );
}

const citedBy = (row: unknown): number[] => listOf(row, "evidence").map(Number).slice(0, 4);

const head = ["", "who and what", "from", "how it went", "lines"];

function cells(row: unknown): Child[] {
  const at = textOf(row, "at");
  const within = listOf(row, "within").map(String);
  const held = listOf(row, "heldUp").map(String);
  const [count, unanswered] = [numberOf(row, "count") ?? 0, numberOf(row, "unanswered") ?? 0];
  return [
    kindOf(row),
    [
      unbroken(`${textOf(row, "by")}: `),
      h("code", {}, textOf(row, "what") ?? ""),
      unbroken(` in ${textOf(row, "region")}`),
      within.length > 0 && h("div", { class: "quiet" }, within.slice(0, 3).join(", ")),
      h("div", { class: "quiet" }, whyThere(row)),
    ],
    [
      at === undefined ? h("span", { class: "quiet" }, "a line that could not be seen") : h("code", {}, at),
      ...listOf(row, "through").map((one) => h("div", { class: "quiet" }, h("code", {}, String(one)))),
    ],
    [
      held.length === 0 ? "soft" : h("b", {}, `hard: ${held.join(", ")}`),
      h(
        "div",
        { class: "quiet" },
        unbroken(
          `${countOf(count, "time")}, ${unanswered} without a good answer; first at ${moment(numberOf(row, "first") ?? 0)}, the longest took ${duration(numberOf(row, "tookMs") ?? 0)}`,
        ),
      ),
    ],
    lineLinks(citedBy(row)),
  ];
}

function kindOf(row: unknown): Child {
  const allowed = textOf(row, "allowed");
  if (allowed !== undefined) return ["allowed", h("div", { class: "quiet" }, allowed)];
  const how = textOf(row, "how");
  if (how === "possible") return "possible";
  return how === "hidden" && field(row, "isLost") !== true ? "hidden" : h("b", {}, "finding");
}

/** Why it counts in this region, where its address alone does not say it. */
function whyThere(row: unknown): Child {
  if (textOf(row, "how") === "place") return undefined;
  const source = textOf(row, "source");
  return [textOf(row, "because"), source !== undefined && ` (${source})`];
}

function heardOf(recorders: readonly unknown[]): string {
  const heard = recorders.map(
    (one) => `${textOf(one, "by")} (${countOf(numberOf(one, "pids") ?? 0, "process", "processes")})`,
  );
  return heard.length === 0 ? "" : `Recorded: ${heard.join(", ")}.`;
}

const allowList = (allowed: readonly unknown[]): Child =>
  allowed.length > 0 &&
  h(
    "details",
    { class: "allow-list" },
    h("summary", {}, `The allow-list of this run: ${countOf(allowed.length, "entry", "entries")}`),
    table({
      head: ["who", "from", "what", "served", "because"],
      rows: allowed.map((one) => [
        textOf(one, "by"),
        h("code", {}, textOf(one, "from") ?? "anywhere"),
        [textOf(one, "service"), textOf(one, "operation")].filter(Boolean).join(":") || "anything",
        textOf(one, "served") ?? "anywhere",
        textOf(one, "because"),
      ]),
    }),
  );
