import { document } from "../../reports/html/document.ts";
import { table } from "../../reports/html/figure.ts";
import { type Child, h, unbroken } from "../../reports/markup.ts";
import { keyOf } from "./edges.ts";
import { type Cell, counts, type Matrix, sentenceOf, shortOf, usualOf } from "./matrix.ts";

/** A sweep as one page that needs nothing but itself. */
export function page(matrix: Matrix): string {
  const { plan, services, regions, cells } = matrix;
  const title = `A failover from ${plan.regions.lost} to ${plan.regions.survivor}, with one edge failed at a time`;
  const told = cells.filter((cell) => sentenceOf(cell) !== undefined);
  return document(
    `${title} · seed ${plan.seed}`,
    h(
      "main",
      {},
      h(
        "div",
        { class: "banner" },
        h("h1", {}, unbroken(title)),
        h("p", { class: "promise" }, unbroken(`${counts(matrix)}; ${usualOf(matrix)}.`)),
      ),
      h(
        "section",
        { id: "matrix" },
        h("h2", {}, "Edge by edge"),
        h(
          "p",
          { class: "lead" },
          `Each cell is a failover of a healthy platform with this one service of this region ${plan.how}. A dash: nothing that the failover did led there.`,
        ),
        table({
          head: ["service", ...regions],
          rows: services.map((service) => [service, ...regions.map((region) => toned(matrix.cell(service, region)))]),
        }),
      ),
      told.length > 0 &&
        h(
          "section",
          { id: "told" },
          h("h2", {}, "What does not simply survive"),
          table({
            head: ["edge", "outcome", "what happened"],
            rows: told.map((cell) => [unbroken(keyOf(cell.edge)), toned(cell), sentenceOf(cell)]),
          }),
        ),
      h("section", { id: "edges" }, h("h2", {}, "Why these edges"), whyEdges(matrix)),
    ),
    h("footer", {}, h("p", {}, `Seed ${plan.seed}. ${plan.deployments} deployments. Times are those of the lab.`)),
  );
}

/** All that the lab can fail have one reason, which needs no table. */
function whyEdges({ cells }: Matrix): Child {
  const [first, ...others] = cells.map(({ edge }) => edge);
  if (first === undefined || first.how === "seen" || others.some(({ because }) => because !== first.because))
    return table({
      head: ["edge", "known by", "because", "who", "from"],
      rows: cells.map(({ edge }) => [
        unbroken(keyOf(edge)),
        edge.how === "seen" ? "seen at run time" : "atlas",
        edge.because,
        edge.by.join(", "),
        edge.from.slice(0, 3).map((line) => h("div", {}, h("code", {}, line))),
      ]),
    });
  const flag = h("code", {}, "--run");
  return h(
    "p",
    { class: "lead" },
    `Of each: ${first.because}. `,
    flag,
    " takes those that a failover was seen to lean on.",
  );
}

const tones = { survives: "pass", slower: "unknown-outcome", breaks: "fail", unknown: "invalid" } as const;

function toned(cell: Cell | undefined): Child {
  const said = shortOf(cell);
  const outcome = cell?.outcome?.outcome;
  return outcome === undefined
    ? h("span", { class: "quiet" }, said)
    : h("span", { class: `verdict ${tones[outcome]}` }, said);
}
