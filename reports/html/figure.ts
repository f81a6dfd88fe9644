import { type Child, h, type Markup } from "../markup.ts";
import type { TimeAxis } from "./axis.ts";
import type { Reading } from "./reading.ts";

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** What to see in it, in a sentence or two. */
  readonly caption: Child;
  /** For those who cannot see it. */
  readonly describes: string;
  readonly height: number;
  /** A tall chart has its times at both ends; its drawing begins below `AXIS_TOP`. */
  readonly isTall?: boolean;
  readonly legend?: readonly LegendEntry[];
  readonly drawing: Child;
  readonly table?: Table;
}

export interface LegendEntry {
  readonly swatch: string;
  readonly says: string;
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Child[])[];
  /** Columns that hold numbers, from 0. */
  readonly numeric?: readonly number[];
}

export const AXIS_TOP = 20;
const AXIS_HEIGHT = 26;
/** Above each drawing the parts of the run are named. */
const BANDS_HEIGHT = 18;

/** A chart on the shared time axis, with its legend, and its data as a table for those who want the figures. */
export function figure(chart: Chart, axis: TimeAxis, reading: Reading): Markup {
  const height = BANDS_HEIGHT + chart.height + AXIS_HEIGHT;
  const titles = [`${chart.id}-title`, `${chart.id}-desc`] as const;
  return h(
    "figure",
    { id: chart.id, class: chart.isTall && "tall" },
    h("figcaption", {}, h("h3", {}, chart.title), h("p", {}, chart.caption), legend(chart.legend ?? [])),
    h(
      "svg",
      {
        class: "chart",
        role: "img",
        "aria-labelledby": titles.join(" "),
        viewBox: `0 0 ${axis.width} ${height}`,
        width: axis.width,
        height,
      },
      h("title", { id: titles[0] }, chart.title),
      h("desc", { id: titles[1] }, chart.describes),
      bandNames(axis, reading),
      h("g", { transform: `translate(0 ${BANDS_HEIGHT})` }, backdrop(axis, chart, reading), chart.drawing),
    ),
    chart.table === undefined || chart.table.rows.length === 0
      ? undefined
      : h("details", {}, h("summary", {}, `Data: ${chart.title.toLowerCase()}`), table(chart.table)),
  );
}

/** The bands of the run that an axis shows, by its pixels. */
const shownBands = (axis: TimeAxis, { bands }: Reading) =>
  bands
    .filter(({ from, to }) => to > axis.from && from < axis.to)
    .map((band) => ({ ...band, x: axis.x(band.from), width: axis.x(band.to) - axis.x(band.from) }));

/** The parts of the run, each with its name where there is room for it. */
const bandNames = (axis: TimeAxis, reading: Reading): Child =>
  shownBands(axis, reading).map(({ name, isDrill, x, width }) => [
    h(
      "rect",
      { class: isDrill ? "band drill" : "band", x: x + 0.5, y: 1, width: Math.max(0.5, width - 1), height: 15, rx: 2 },
      h("title", {}, name),
    ),
    width > name.length * 6.2 + 6 &&
      h(
        "text",
        { class: isDrill ? "band-name drill" : "band-name", x: x + width / 2, y: 12, "text-anchor": "middle" },
        name,
      ),
  ]);

/** The grid of times, the drills and the times of faults shaded, and the moments from which all was stable. */
function backdrop(axis: TimeAxis, { height, isTall = false }: Chart, reading: Reading): Child {
  const top = isTall ? AXIS_TOP : 0;
  const isShown = (at: number): boolean => at >= axis.from && at <= axis.to;
  const vertical = (at: number, kind: string, says?: string): Child =>
    isShown(at) &&
    h(
      "line",
      { class: kind, x1: axis.x(at), x2: axis.x(at), y1: top, y2: height },
      says !== undefined && h("title", {}, says),
    );
  const ground = (from: number, to: number, kind: string): Markup =>
    h("rect", {
      class: kind,
      x: axis.x(from),
      y: top,
      width: Math.max(0, axis.x(to) - axis.x(from)),
      height: height - top,
    });
  const { spans, faults } = reading;
  return [
    shownBands(axis, reading).map(({ isDrill, from, to }) => isDrill && ground(from, to, "drill-ground")),
    faults.map(({ lost, from, to }) => lost !== undefined && ground(from, to, "outage")),
    spans.map(({ outage: { from, planned } }) => !planned && ground(from.low, from.high, "landing")),
    axis.ticks.map(({ at }) => vertical(at, "grid")),
    faults.map(({ from, name }) => vertical(from, "fault-line", name)),
    spans.map(({ outage, drill }) => outage.planned && vertical(outage.from.low, "asked-line", drill?.name)),
    spans.map(({ stableAt }) => stableAt !== undefined && vertical(stableAt, "stable-line", "all stable")),
    [...(isTall ? [AXIS_TOP - 8] : []), height + 17].map((y) =>
      axis.ticks.map(({ at, label, isZero }) =>
        h("text", { class: isZero ? "tick strong" : "tick", x: axis.x(at), y, "text-anchor": "middle" }, label),
      ),
    ),
  ];
}

const legend = (entries: readonly LegendEntry[]): Child =>
  entries.length > 0 &&
  h(
    "ul",
    { class: "legend" },
    entries.map(({ swatch, says }) =>
      h(
        "li",
        {},
        h(
          "svg",
          { class: "swatch", width: 18, height: 12, "aria-hidden": "true" },
          h("rect", { class: swatch, width: 18, height: 12 }),
        ),
        says,
      ),
    ),
  );

export const table = ({ head, rows, numeric = [] }: Table): Markup =>
  h(
    "div",
    { class: "scroll" },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          head.map((title, n) => h("th", { scope: "col", class: numeric.includes(n) && "number" }, title)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((cell, n) => h("td", { class: numeric.includes(n) && "number" }, cell)),
          ),
        ),
      ),
    ),
  );

/** The name of a row, at the left of the axis. */
export const rowName = (axis: TimeAxis, y: number, name: string, below?: string): Child => [
  h("text", { class: "row-name", x: axis.left - 12, y, "text-anchor": "end" }, name),
  below !== undefined && h("text", { class: "row-note", x: axis.left - 12, y: y + 14, "text-anchor": "end" }, below),
];
