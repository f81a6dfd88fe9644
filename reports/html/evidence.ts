import type { Op, Result, Verdict } from "../../harness/types.ts";
import { count, lineOf, moment } from "../format.ts";
import { type Child, h, type Markup } from "../markup.ts";
import { table } from "./figure.ts";
import type { Reading } from "./reading.ts";

/** A verdict may cite many lines: these are shown at once, the others when they are asked for. */
const SHOWN_AT_ONCE = 24;
/** And of thousands no more than these; `run.json` names them all. */
const CITED_AT_MOST = 200;
/** The read-back of a ledger is one line of many kilobytes. */
const CHARACTERS_AT_MOST = 700;
/** The hash of a line stands at its end. */
const CHARACTERS_AT_END = 60;

/** Links to cited lines, as `history.ndjson:123` would be written. */
export function lineLinks(evidence: readonly number[], prefix = ""): Child {
  const cited = [...new Set(evidence)];
  if (cited.length === 0) return "–";
  const [shown, others] = [cited.slice(0, SHOWN_AT_ONCE), cited.slice(SHOWN_AT_ONCE, CITED_AT_MOST)];
  const left = cited.length - shown.length - others.length;
  return [
    listed(shown, prefix),
    others.length > 0 &&
      h(
        "details",
        { class: "more" },
        h("summary", {}, `and ${count(cited.length - shown.length)} more`),
        listed(others, ""),
        left > 0 && ` and ${count(left)} more, in run.json`,
      ),
  ];
}

const listed = (indices: readonly number[], prefix: string): Child =>
  indices.map((index, n) => [
    n > 0 && ", ",
    h("a", { href: `#line-${lineOf(index)}` }, `${n === 0 ? prefix : ""}${lineOf(index)}`),
  ]);

/** Where a verdict stands in the page. */
export const anchorOf = ({ checker }: Pick<Verdict, "checker">): string => `verdict-${checker}`;

/** The lines that prove a verdict. Of what is not in the history no line tells, and its first and its last say between which. */
export const cited = ({ evidence }: Verdict, result: Result): Child =>
  h(
    "div",
    { class: "lines" },
    evidence.length > 0
      ? ["evidence: ", lineLinks(evidence, `${fileName(result)}:`)]
      : [
          "evidence: no line from ",
          lineLinks([0]),
          " to ",
          lineLinks([Math.max(0, result.history.ops - 1)]),
          " tells of it",
        ],
  );

/** The lines that a page links to, as they stand in the history. */
export function evidence({ history, result }: Reading, page: Markup): Markup {
  const linked = [...page.markup.matchAll(/href="#line-(\d+)"/g)].map(([, line]) => Number(line) - 1);
  const rows = [...new Set(linked)]
    .sort((a, b) => a - b)
    .map((index): readonly Child[] => {
      const op = history.ops.at(index);
      const line = String(lineOf(index));
      const anchor = h("span", { id: `line-${line}`, class: "line-number" }, line);
      return op === undefined
        ? [anchor, "", "this line is not in the history"]
        : [anchor, moment(op.time), h("code", {}, clipped(textOf(op, history)))];
    });
  return h(
    "section",
    { id: "evidence" },
    h("h2", {}, "Evidence"),
    h(
      "p",
      { class: "lead" },
      `Lines of ${fileName(result)} that this page cites, counted from 1. The file holds all ${count(result.history.ops)} of them.`,
      result.history.hash !== undefined && [
        " Each carries a hash over itself and all lines before it; that of the last is ",
        h("code", {}, result.history.hash),
        ".",
      ],
    ),
    table({ head: ["line", "run time", "operation"], rows, numeric: [0, 1] }),
  );
}

/** The line as it stands in the file, where there is one. */
const textOf = (op: Op, history: Reading["history"]): string => history.line?.(op.index) ?? JSON.stringify(op);

function clipped(text: string): string {
  if (text.length <= CHARACTERS_AT_MOST) return text;
  const [begin, end] = [text.slice(0, CHARACTERS_AT_MOST - CHARACTERS_AT_END), text.slice(-CHARACTERS_AT_END)];
  return `${begin}… (${count(text.length - CHARACTERS_AT_MOST)} characters more) …${end}`;
}

export const fileName = ({ history }: Pick<Result, "history">): string =>
  history.file.split("/").at(-1) ?? history.file;
