import { keyOf } from "./edges.ts";
import { counts, type Matrix, sentenceOf, shortOf, usualOf } from "./matrix.ts";

const head = ({ regions }: Matrix): string[] => ["", ...regions];
const rows = (matrix: Matrix): string[][] =>
  matrix.services.map((service) => [service, ...matrix.regions.map((region) => shortOf(matrix.cell(service, region)))]);

/** For a terminal: the table, then a sentence for each edge that does not simply survive. */
export function text(matrix: Matrix): string {
  const table = [head(matrix), ...rows(matrix)];
  const widths = table[0]?.map((_, n) => Math.max(...table.map((row) => row[n]?.length ?? 0))) ?? [];
  const lines = table.map((row) =>
    row
      .map((cell, n) => cell.padEnd(widths[n] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const told = matrix.cells.flatMap((cell) => {
    const sentence = sentenceOf(cell);
    return sentence === undefined ? [] : [`${keyOf(cell.edge)}: ${sentence}`];
  });
  return [...lines, "", ...told, ...(told.length === 0 ? [] : [""]), `${counts(matrix)}; ${usualOf(matrix)}`].join(
    "\n",
  );
}

export function markdown(matrix: Matrix): string {
  const { lost, survivor } = matrix.plan.regions;
  const cells = (row: readonly string[]): string => `| ${row.map(plain).join(" | ")} |`;
  const told = matrix.cells.flatMap((cell) => {
    const sentence = sentenceOf(cell);
    return sentence === undefined ? [] : [`- **${plain(keyOf(cell.edge))}**: ${plain(sentence)}`];
  });
  return [
    `## Sweep: a failover from ${lost} to ${survivor} with one edge failed at a time`,
    "",
    cells(head(matrix)),
    cells(head(matrix).map(() => "---")),
    ...rows(matrix).map(cells),
    "",
    ...told,
    ...(told.length === 0 ? [] : [""]),
    `${plain(counts(matrix))}; ${plain(usualOf(matrix))}. Seed \`${matrix.plan.seed}\`.`,
    "",
  ].join("\n");
}

/** Text that no Markdown reader takes for more than text. */
const plain = (said: string): string =>
  said
    .replace(/[\p{Cc}\s]+/gu, " ")
    .replace(/[\\`*_{}[\]|#~]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;");
