import type { Result, Verdict } from "../../harness/types.ts";
import { lineOf, moment } from "../format.ts";
import { type Child, h, type Markup } from "../markup.ts";
import { table } from "./figure.ts";
import type { Reading } from "./reading.ts";

/** A verdict may cite thousands of lines; these many of each are shown, and the file has the rest. */
const CITED_AT_MOST = 24;
/** The read-back of a ledger is one line of many kilobytes. */
const CHARACTERS_AT_MOST = 700;

/** Links to cited lines, as `history.ndjson:123` would be written. */
export function lineLinks(evidence: readonly number[], prefix = ""): Child {
  const cited = [...new Set(evidence)];
  const shown = cited.slice(0, CITED_AT_MOST);
  if (cited.length === 0) return "–";
  return [
    shown.map((index, n) => [
      n > 0 && ", ",
      h("a", { href: `#line-${lineOf(index)}` }, `${n === 0 ? prefix : ""}${lineOf(index)}`),
    ]),
    cited.length > shown.length && ` and ${cited.length - shown.length} more`,
  ];
}

/** The lines that prove a verdict, when it names any. */
export const cited = ({ evidence }: Verdict, result: Result): Child =>
  evidence.length > 0 && h("div", { class: "lines" }, "evidence: ", lineLinks(evidence, `${fileName(result)}:`));

/** The lines that verdicts and stages cite, and others that the page does, as they stand in the history. */
export function evidence({ history, result, spans }: Reading, others: readonly number[]): Markup {
  const wanted = new Set(
    [...result.verdicts, ...spans.flatMap(({ stages }) => stages)].flatMap((one) =>
      [...new Set(one.evidence)].slice(0, CITED_AT_MOST),
    ),
  );
  for (const index of others) wanted.add(index);
  const rows = [...wanted]
    .sort((a, b) => a - b)
    .map((index): readonly Child[] => {
      const op = history.ops.at(index);
      const line = String(lineOf(index));
      const anchor = h("span", { id: `line-${line}`, class: "line-number" }, line);
      return op === undefined
        ? [anchor, "", "this line is not in the history"]
        : [anchor, moment(op.time), h("code", {}, clipped(JSON.stringify(op)))];
    });
  return h(
    "section",
    { id: "evidence" },
    h("h2", {}, "Evidence"),
    h(
      "p",
      { class: "lead" },
      `Lines of ${fileName(result)} that verdicts, stages and events cite, counted from 1. The file holds all ${result.history.ops.toLocaleString("en-US")} of them.`,
      result.history.hash !== undefined && [
        " Each carries a hash over itself and all lines before it; that of the last is ",
        h("code", {}, result.history.hash),
        ".",
      ],
    ),
    table({ head: ["line", "run time", "operation"], rows, numeric: [0, 1] }),
  );
}

const clipped = (text: string): string =>
  text.length <= CHARACTERS_AT_MOST
    ? text
    : `${text.slice(0, CHARACTERS_AT_MOST)}… (${(text.length - CHARACTERS_AT_MOST).toLocaleString("en-US")} characters more)`;

export const fileName = ({ history }: Pick<Result, "history">): string =>
  history.file.split("/").at(-1) ?? history.file;
