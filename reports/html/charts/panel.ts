import { scaleLinear, scaleSymlog } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import type { Millis } from "../../../harness/types.ts";
import { type Child, h } from "../../markup.ts";
import type { TimeAxis } from "../axis.ts";

export interface Point {
  readonly at: Millis;
  /** Undefined is a gap: nothing is drawn across it. */
  readonly value: number | undefined;
}

/** A part of a chart with a scale of its own for values, under the shared axis of times. */
export interface Panel {
  readonly title: string;
  readonly top: number;
  readonly height: number;
  readonly y: (value: number) => number;
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

export interface PanelOptions extends Pick<Panel, "title" | "top" | "height" | "format"> {
  readonly max: number;
  readonly log?: boolean;
  readonly ticks?: readonly number[];
}

export function panel({ title, top, height, max, format, log = false, ticks }: PanelOptions): Panel {
  const scale = log
    ? scaleSymlog([0, Math.max(max, 1)], [top + height, top]).constant(5)
    : scaleLinear([0, Math.max(max, 1)], [top + height, top]).nice(4);
  return {
    title,
    top,
    height,
    format,
    y: (value) => scale(value),
    ticks: ticks?.filter((tick) => tick <= max) ?? scale.ticks(4),
  };
}

export const panelFrame = (axis: TimeAxis, { title, top, height, y, ticks, format }: Panel): Child => [
  h("text", { class: "row-name", x: 0, y: top + 11 }, title),
  h("line", { class: "base", x1: axis.left, x2: axis.right, y1: top + height, y2: top + height }),
  ticks.map((tick) => [
    h("line", { class: "grid", x1: axis.left, x2: axis.right, y1: y(tick), y2: y(tick) }),
    h("text", { class: "tick", x: axis.left - 8, y: y(tick) + 4, "text-anchor": "end" }, format(tick)),
  ]),
];

/** A line that breaks where there is no value. `after`: each value holds until the next. */
export function curve(points: readonly Point[], axis: TimeAxis, { y }: Panel, kind: string, after = false): Child {
  const draw = line<Point>()
    .defined(({ value }) => value !== undefined)
    .x(({ at }) => axis.x(at))
    .y(({ value }) => y(value ?? 0))
    .digits(1);
  const path = (after ? draw.curve(curveStepAfter) : draw)([...points]);
  return path !== null && h("path", { class: kind, d: path });
}

export function filled(points: readonly Point[], axis: TimeAxis, { y }: Panel, kind: string): Child {
  const path = area<Point>()
    .defined(({ value }) => value !== undefined)
    .x(({ at }) => axis.x(at))
    .y0(y(0))
    .y1(({ value }) => y(value ?? 0))
    .curve(curveStepAfter)
    .digits(1)([...points]);
  return path !== null && h("path", { class: kind, d: path });
}

/** A horizontal line at a limit, with its name. */
export const limitLine = (axis: TimeAxis, { y }: Panel, value: number, says: string): Child => [
  h("line", { class: "limit", x1: axis.left, x2: axis.right, y1: y(value), y2: y(value) }),
  h("text", { class: "tick strong", x: axis.right + 8, y: y(value) + 4 }, says),
];
