import { max } from "d3-array";
import { appends } from "../../../checkers/vocabulary.ts";
import { countOf, duration } from "../../../harness/words.ts";
import { lineOf, moment } from "../../format.ts";
import { type Child, h } from "../../markup.ts";
import { field, listOf, numberOf, textOf } from "../../values.ts";
import type { TimeAxis } from "../axis.ts";
import { type Chart, rowName } from "../figure.ts";
import type { Reading } from "../reading.ts";
import { curve, limitLine, type Point, panel, panelFrame } from "./panel.ts";

interface Mark {
  readonly what: string;
  /** Who wrote it, and which it is. */
  readonly deployment: string;
  readonly name: string;
  readonly at: number;
  readonly index: number;
}

/** How far the survivor's database was behind, and the writes that were lost or are in doubt. The lag explains a loss; it is not the loss. */
export function replication(reading: Reading, axis: TimeAxis): Chart {
  const lag = [...reading.history.pairs("probe/replication", "sample")].map(
    ({ invocation, completion }): Point => ({ at: invocation.time, value: numberOf(completion?.value, "lagMs") }),
  );
  const drills = reading.result.drills?.length ? reading.result.drills.map(({ name }) => name) : [undefined];
  const detailsOf = (checker: string) => drills.map((drill) => reading.verdict(checker, drill)?.details);
  const lost = detailsOf("rpo-database").flatMap((details) =>
    listOf(details, "lost").map((one) => markOf("lost", one, String(numberOf(one, "seq") ?? ""))),
  );
  const goods = (["objects", "images"] as const).flatMap((kind) => {
    const known = detailsOf(`rpo-${kind}`).filter((details) => details !== undefined);
    const marks = known.flatMap((details) =>
      listOf(details, "lost").map((one) => markOf(`${kind} lost`, one, textOf(one, "key") ?? "")),
    );
    return known.length === 0 ? [] : [{ kind, marks }];
  });
  const doubted = inDoubt(reading);
  const limitMs = reading.result.objectives.rpoDatabaseWithinMs / reading.result.timeScale;
  const most = max(lag, ({ value }) => value) ?? 0;
  const behind = panel({
    title: "replication lag",
    top: 8,
    height: 120,
    max: Math.max(most, Math.min(limitMs * 1.1, most * 4)),
    format: duration,
  });
  const counted = detailsOf("rpo-database").reduce<number>(
    (sum, details) => sum + (numberOf(field(details, "counts"), "lost") ?? 0),
    0,
  );
  return {
    id: "replication",
    title: "Replication lag, lost writes and writes in doubt",
    caption: [
      "Lag as the survivor's own metric gives it. Below it, each acknowledged write that the survivor does not have, at the time of its acknowledgement, and each write whose answer never came: it may or may not be there, and is counted neither way. ",
      h(
        "strong",
        {},
        `In all: ${countOf(counted, "acknowledged write")} lost, ${countOf(doubted.length, "write")} in doubt.`,
      ),
    ],
    describes: `Replication lag over time, at most ${duration(most)}; ${countOf(counted, "acknowledged write")} lost and ${countOf(doubted.length, "write")} in doubt.`,
    height: 196 + goods.length * 26,
    legend: [
      { swatch: "swatch-lag", says: "lag" },
      { swatch: "mark-lost", says: "lost" },
      { swatch: "mark-doubt", says: "in doubt" },
    ],
    drawing: [
      panelFrame(axis, behind),
      curve(lag, axis, behind, "line lag"),
      limitMs <= behind.ticks.reduce((a, b) => Math.max(a, b), 0) && limitLine(axis, behind, limitMs, "RPO limit"),
      rug(axis, 148, goods.length > 0 ? "writes lost" : "lost", lost, "mark-lost"),
      rug(axis, 174, "in doubt", doubted, "mark-doubt"),
      goods.map(({ kind, marks }, n) => rug(axis, 200 + n * 26, `${kind} lost`, marks, "mark-lost")),
    ],
    table: {
      head: ["what", "deployment", "which", "at", "line"],
      numeric: [2, 3, 4],
      rows: [...lost, ...goods.flatMap(({ marks }) => marks), ...doubted]
        .slice(0, 400)
        .map(({ what, deployment, name, at, index }) => [what, deployment, name, moment(at), lineOf(index)]),
    },
  };
}

const markOf = (what: string, one: unknown, name: string): Mark => ({
  what,
  deployment: textOf(one, "deployment") ?? "",
  name,
  at: numberOf(one, "ackedAt") ?? 0,
  index: numberOf(one, "index") ?? 0,
});

/** Appends without a certain end: an answer that did not come, or none at all. */
const inDoubt = ({ history }: Reading): Mark[] =>
  Iterator.from(appends(history))
    .filter(({ completion }) => completion === undefined || completion.type === "info")
    .map(({ invocation: { value, time, index }, completion }) => ({
      what: "in doubt",
      deployment: value?.deployment ?? "",
      name: String(value?.seq ?? ""),
      at: time,
      index: completion?.index ?? index,
    }))
    .toArray();

function rug(axis: TimeAxis, y: number, name: string, marks: readonly Mark[], kind: string): Child {
  const xs = [...new Set(marks.map(({ at }) => Math.round(axis.x(at) * 2) / 2))];
  return [
    rowName(axis, y + 11, name),
    h("line", { class: "base", x1: axis.left, x2: axis.right, y1: y + 15, y2: y + 15 }),
    xs.map((x) => h("rect", { class: kind, x: x - 1, y, width: 2, height: 14 })),
    h("text", { class: "tick", x: axis.right + 10, y: y + 11 }, marks.length === 0 ? "none" : String(marks.length)),
  ];
}
