import { countOf } from "../../harness/words.ts";
import { sightInWords } from "../../scan/text.ts";
import type { Attempts, Finding, Scan, Seen } from "../../scan/types.ts";
import { type Child, h, type Markup, unbroken } from "../markup.ts";
import { lineLinks } from "./evidence.ts";
import { table } from "./figure.ts";

/** What the static scan found in the failover path, beside what the run saw of it. */
export function scanned({ scan }: { readonly scan: Scan | undefined }): Child {
  if (scan?.run === undefined) return undefined;
  const { findings, run, files } = scan;
  const isWeighty = ({ level, allowed, seen }: Finding): boolean =>
    Boolean(seen) || (level !== "note" && allowed === undefined);
  const weighty = findings.filter(isWeighty).sort(byWeight);
  const quiet = findings.filter((one) => !isWeighty(one)).sort(byWeight);
  const surprises = run.unexplained.filter(({ allowed }) => allowed === undefined);
  return h(
    "section",
    { id: "scan" },
    h("h2", {}, "What the code says, and what was seen of it"),
    h(
      "p",
      { class: "lead" },
      `${countOf(files, "file")} scanned for what points at ${run.lost}, or needs another region than the survivor. `,
      "Seen means: attempted after the fault, by the recorders of this run. ",
      h("code", {}, "gameday scan --run DIR"),
      " does this again.",
    ),
    run.trouble !== undefined &&
      h("p", { class: "notice" }, `What was not seen may have happened all the same: ${run.trouble}.`),
    weighty.length === 0
      ? h("p", {}, "No finding is open, and none was seen.")
      : table({ head, rows: weighty.map(row) }),
    h("h3", {}, "Attempted, and foretold by no finding"),
    surprises.length === 0
      ? h("p", {}, `Nothing.${expectedToo(run.unexplained)}`)
      : [
          table({ head: ["who", "what", "region", "from", "seen in the run"], rows: surprises.map(surprise) }),
          h("p", { class: "lead" }, expectedToo(run.unexplained)),
        ],
    quiet.length > 0 &&
      h(
        "details",
        {},
        h(
          "summary",
          {},
          `${countOf(quiet.length, "finding")} more: allowed, or outside the failover path, and not seen`,
        ),
        table({ head, rows: quiet.map(row) }),
      ),
  );
}

const head = ["where", "finding", "weight", "seen in the run"];

const row = (finding: Finding): readonly Child[] => {
  const { file, line, rule, message, level, allowed, chain } = finding;
  return [
    [
      h("code", {}, `${file}:${line}`),
      chain !== undefined && h("div", { class: "quiet" }, `loaded by ${chain.slice(0, -1).join(" > ")}`),
    ],
    [unbroken(message), h("div", { class: "quiet" }, rule)],
    allowed === undefined
      ? h("span", { class: `verdict ${tones[level]}` }, level)
      : ["allowed", h("div", { class: "quiet" }, allowed.reason)],
    finding.seen ? sight(finding.seen) : h("span", { class: "quiet" }, "not seen"),
  ];
};

const tones = { error: "fail", warning: "unknown-outcome", note: "quiet" } as const;

const surprise = (attempts: Attempts): readonly Child[] => [
  attempts.by.join(", "),
  unbroken(attempts.what),
  unbroken(attempts.region),
  h("code", {}, attempts.frames[0] ?? "a line that could not be seen"),
  sight(attempts),
];

const sight = (seen: Seen): Markup =>
  h("div", {}, unbroken(sightInWords(seen)), h("div", { class: "lines" }, "lines ", lineLinks(seen.evidence)));

const expectedToo = (unexplained: readonly Attempts[]): string => {
  const { length } = unexplained.filter(({ allowed }) => allowed !== undefined);
  return length === 0 ? "" : ` ${length} more ${length === 1 ? "was" : "were"} expected by the run.`;
};

const ranks = { error: 0, warning: 2, note: 8 } as const;
/** What is open first, errors before warnings, what was seen before what was not; notes last. */
const weightOf = ({ level, allowed, seen }: Finding): number =>
  ranks[level] + (allowed === undefined ? 0 : 4) + (seen ? 0 : 1);
const byWeight = (a: Finding, b: Finding): number => weightOf(a) - weightOf(b);
