import type { Stage } from "../../../checkers/stages.ts";
import type { Millis } from "../../../harness/types.ts";
import { duration } from "../../../harness/words.ts";
import { type Child, h } from "../../markup.ts";
import type { TimeAxis } from "../axis.ts";
import { rowName } from "../figure.ts";

/** A stage of the chain, or something that is told in the same way. */
export type DrawnStage = Omit<Stage, "name"> & { readonly name: string };

export const LANE = 36;

/** One stage: from the latest stage before it to where it ended, or a box that says that it never did. */
export function lane(stage: DrawnStage, before: Millis | undefined, y: number, axis: TimeAxis, until: Millis): Child {
  const { at } = stage;
  const name = rowName(axis, y + 15, stage.name, stage.witness);
  if (at === undefined) {
    const width = axis.right - axis.left;
    return [
      name,
      h("rect", { class: "unknown", x: axis.left, y: y + 8, width, height: 14 }),
      barLabel(axis, axis.left, axis.left, y + 19, "no witness"),
    ];
  }
  const end = at.high ?? until;
  const start = Math.min(before ?? at.low, end);
  const sure = Math.max(start, at.low);
  const [x, xSure, xEnd] = [axis.x(start), axis.x(sure), axis.x(end)];
  if (at.high === null) return [name, neverBox(x, xEnd, y + 6, whenText(stage, axis.zero))];
  const took = stage.sinceMs === undefined || stage.sinceMs === 0 ? "" : `took ${duration(stage.sinceMs)}`;
  return [
    name,
    h("rect", { class: "stage", x, y: y + 8, width: Math.max(0, xSure - x), height: 14, rx: 2 }),
    h("rect", { class: "doubt", x: xSure, y: y + 8, width: Math.max(3, xEnd - xSure), height: 14 }),
    barLabel(axis, x, xEnd, y + 19, whenText(stage, axis.zero), took),
  ];
}

/** When a stage was reached, counted from the fault. */
export const whenText = ({ at, lastSeen }: DrawnStage, zero: Millis): string => {
  if (at === undefined) return "no witness";
  if (at.high === null) return `not reached${lastSeen === undefined ? "" : `, last seen: ${lastSeen}`}`;
  return `+${duration(at.high - zero)}`;
};

function neverBox(x: number, xEnd: number, y: number, text: string): Child {
  const width = Math.max(8, xEnd - x);
  const room = Math.floor((width - 14) / 6.3);
  const shown = text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;
  return [
    h("rect", { class: "never", x, y, width, height: 19, rx: 2 }, h("title", {}, text)),
    room > 6 && h("text", { class: "never-note", x: x + 7, y: y + 13.5 }, shown),
  ];
}

/** Words beside a bar: to its right, or to its left where there is no room. */
export function barLabel(axis: TimeAxis, from: number, to: number, y: number, text: string, note = ""): Child {
  const needed = (text.length + note.length) * 7 + 20;
  const right = to + needed < axis.width;
  return h(
    "text",
    { class: "bar-label", x: right ? to + 7 : from - 7, y, "text-anchor": right ? "start" : "end" },
    text,
    note !== "" && h("tspan", { class: "row-note", dx: 7 }, note),
  );
}
