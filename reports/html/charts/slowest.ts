import type { Recovery } from "../../../checkers/recovery.ts";
import type { StageName } from "../../../checkers/stages.ts";
import type { Millis } from "../../../harness/types.ts";
import { duration } from "../../../harness/words.ts";
import { type Child, h } from "../../markup.ts";
import type { TimeAxis } from "../axis.ts";
import { type Chart, rowName } from "../figure.ts";
import type { Span } from "../reading.ts";

const ROWS = 10;
const PITCH = 24;

/** What is waited for in each part, and the stage that ends it. Stages without an end here are the deployment's own. */
const parts: readonly { readonly kind: string; readonly says: string; readonly ends?: StageName }[] = [
  { kind: "part-1", says: "until detected", ends: "detected" },
  { kind: "part-2", says: "until decided", ends: "decided" },
  { kind: "part-3", says: "compute", ends: "compute ready" },
  { kind: "part-4", says: "writer", ends: "writer promoted" },
  { kind: "part-5", says: "pods", ends: "pods ready" },
  { kind: "part-6", says: "DNS", ends: "DNS moved" },
  { kind: "part-7", says: "first answer" },
  { kind: "part-8", says: "stable" },
];

interface Piece {
  readonly kind: string;
  readonly says: string;
  readonly from: Millis;
  readonly to: Millis;
}

/** The deployments that took longest, taken apart: which stage of the chain each part of their outage was waiting for. */
export function slowest(span: Span, axis: TimeAxis): Chart {
  const { recoveries, outage, name: drill } = span;
  const rows = recoveries
    .filter(({ stable }) => stable !== undefined)
    .sort((a, b) => lastOf(b) - lastOf(a))
    .slice(0, ROWS)
    .map((recovery) => ({ recovery, pieces: piecesOf(recovery, span) }));
  const from = outage.from.low;
  return {
    id: drill === "" ? "slowest" : `slowest-${drill}`,
    title: `The ${rows.length} slowest deployments${drill === "" ? "" : ` in the ${drill}`}, taken apart`,
    caption:
      "Up to “DNS” the chain is the platform's and the same for all; what comes after it is the deployment's own. A part with no width ended before the one ahead of it.",
    describes: rows.map(({ recovery }) => `${recovery.name}: ${afterFault(recovery, from)}`).join("; "),
    height: rows.length * PITCH + 10,
    legend: parts
      .filter(({ kind }) => rows.some(({ pieces }) => pieces.some((piece) => piece.kind === kind)))
      .map(({ kind, says }) => ({ swatch: kind, says })),
    drawing: rows.map(({ recovery, pieces }, n) => row(recovery, pieces, 6 + n * PITCH, from, axis)),
    table: {
      head: ["deployment", ...parts.map(({ says }) => says), "in all"],
      numeric: parts.map((_, n) => n + 1).concat(parts.length + 1),
      rows: rows.map(({ recovery, pieces }) => [
        recovery.name,
        ...parts.map(({ kind }) => {
          const piece = pieces.find((one) => one.kind === kind);
          return piece === undefined ? "–" : duration(piece.to - piece.from);
        }),
        afterFault(recovery, from),
      ]),
    },
  };
}

const lastOf = ({ stable }: Recovery): number => stable?.high ?? Number.POSITIVE_INFINITY;

const afterFault = ({ stable }: Recovery, from: Millis): string =>
  stable === undefined
    ? "never down"
    : stable.high === null
      ? `> ${duration(Math.max(0, stable.low - from))}`
      : duration(stable.high - from);

/** Ends with the first stage that was never reached: that is what the deployment went on waiting for. */
function piecesOf({ stable, firstOk }: Recovery, { stages, outage }: Span): Piece[] {
  const end = stable?.high ?? outage.until;
  const pieces: Piece[] = [];
  let at = outage.from.low;
  for (const { kind, says, ends } of parts) {
    const own = kind === "part-7" ? firstOk : stable;
    const reached = ends === undefined ? own : stages.find(({ name }) => name === ends)?.at;
    if (reached === undefined) continue;
    if (reached.high === null) return [...pieces, { kind: "never", says: `${says}, never reached`, from: at, to: end }];
    const to = Math.max(at, Math.min(reached.high, end));
    pieces.push({ kind, says, from: at, to });
    at = to;
  }
  return pieces;
}

const row = (recovery: Recovery, pieces: readonly Piece[], y: number, from: Millis, axis: TimeAxis): Child => [
  rowName(axis, y + 13, recovery.name),
  pieces.map(({ kind, says, from: began, to }) => {
    const width = axis.x(to) - axis.x(began);
    return (
      width > 0 &&
      h(
        "rect",
        { class: kind, x: axis.x(began), y: y + 2, width, height: 15 },
        h("title", {}, `${says}: ${duration(to - began)}`),
      )
    );
  }),
  h("text", { class: "bar-label", x: axis.x(pieces.at(-1)?.to ?? from) + 7, y: y + 14 }, afterFault(recovery, from)),
];
