import { type Series, seriesOf } from "../../../checkers/availability.ts";
import { type Interval, since } from "../../../checkers/interval.ts";
import type { Recovery } from "../../../checkers/recovery.ts";
import { countOf, duration } from "../../../harness/words.ts";
import { interval, moment } from "../../format.ts";
import { type Child, h } from "../../markup.ts";
import type { TimeAxis } from "../axis.ts";
import { AXIS_TOP, type Chart, rowName } from "../figure.ts";
import type { Reading } from "../reading.ts";
import { type Segment, segments } from "./strip.ts";

const PITCH = 14;
const TOP = AXIS_TOP + 4;

/** How a deployment came through one span. */
interface Passage {
  readonly recovery: Recovery | undefined;
  readonly rto: Interval | undefined;
}

interface Row {
  readonly name: string;
  readonly passages: readonly Passage[];
  readonly fresh: readonly Segment[];
  readonly sticky: readonly Segment[];
}

/** One row for each deployment, the slowest to recover last. */
export function strips(reading: Reading, axis: TimeAxis): Chart {
  const rows = rowsOf(reading);
  const { spans, moves } = reading;
  const slowest = rows.at(-1);
  const told = spans.length > 1 ? ` in the ${spans.map(({ name }) => name).join(" and in the ")}` : "";
  const right = !moves
    ? "how long it was down after the fault"
    : spans.some(({ outage }) => !outage.planned)
      ? `from the fault to stable${told}`
      : "from the request to stable";
  return {
    id: "availability",
    title: `Availability of ${countOf(rows.length, "deployment")}`,
    caption: `Each row is a deployment, sorted by recovery. The thick band is what fresh clients met (new connection, name by its TTL; a health look and a write that is read back, both of which must succeed); the thin band below is a client that keeps its connection. On the right: ${right}.`,
    describes: `Availability over time of ${countOf(rows.length, "deployment")}; ${slowest === undefined ? "none was watched" : `the last of them, ${slowest.name}: ${summaryOf(slowest, moves)}`}.`,
    isTall: true,
    height: TOP + rows.length * PITCH + 4,
    legend: [
      { swatch: "up", says: "up" },
      { swatch: "down", says: "down" },
      { swatch: "unknown", says: "unknown: a sample was late or missing" },
    ],
    drawing: rows.map((row, n) => drawn(row, TOP + n * PITCH, axis, moves)),
    table: {
      head: ["deployment", "after", "down from", "stable at", "from there to stable", "downtime", "last error"],
      numeric: [2, 3, 4, 5],
      rows: rows.flatMap(({ name, passages }) =>
        passages.map(({ recovery, rto }, n) => {
          const stable = recovery?.stable;
          return [
            name,
            spans[n]?.drill?.name ?? "fault",
            recovery?.downAt === undefined ? "–" : moment(recovery.downAt),
            stable === undefined ? "–" : stable.high === null ? "never" : moment(stable.high),
            passageText({ recovery, rto }, moves),
            recovery === undefined ? "–" : interval(recovery.downtimeMs, "ms"),
            recovery?.lastError ?? "",
          ];
        }),
      ),
    },
  };
}

function rowsOf({ history, context, spans, endsAt }: Reading): Row[] {
  const byName = Map.groupBy(seriesOf(history, context.timing), ({ deployment }) => deployment);
  const together = (series: readonly Series[], client: Series["client"]): Segment[] =>
    segments(
      series.filter((one) => one.client === client),
      endsAt,
    );
  const rows = context.deployments.map((name): Row => {
    const passages = spans.map(({ recoveries, outage }): Passage => {
      const recovery = recoveries.find((one) => one.name === name);
      return { recovery, rto: recovery?.stable && since(outage.from, recovery.stable) };
    });
    const series = byName.get(name) ?? [];
    return {
      name,
      passages,
      fresh: together(series, "fresh"),
      sticky: together(series, "sticky"),
    };
  });
  return rows.sort((a, b) => order(a) - order(b));
}

/** Never down first, never recovered last. */
const order = ({ passages }: Row): number =>
  passages.reduce((sum, { rto }) => sum + (rto === undefined ? 0 : (rto.high ?? Number.POSITIVE_INFINITY)), 0);

const passageText = ({ recovery, rto }: Passage, moves: boolean): string => {
  if (recovery === undefined) return "not watched";
  if (rto === undefined) return "never down";
  if (!moves) return `down ${duration(recovery.downtimeMs.high ?? recovery.downtimeMs.low)}`;
  return rto.high === null ? `> ${duration(rto.low)}` : duration(rto.high);
};

/** One word where all passages say the same. */
const summaryOf = ({ passages }: Row, moves: boolean): string =>
  [...new Set(passages.map((one) => passageText(one, moves)))].join(" · ");

function drawn(row: Row, y: number, axis: TimeAxis, moves: boolean): Child {
  const band = (all: readonly Segment[], offset: number, height: number): Child =>
    all.map(({ state, from, to }) =>
      h("rect", { class: state, x: axis.x(from), y: offset, width: axis.x(to) - axis.x(from), height }),
    );
  return h(
    "g",
    { class: "strip", transform: `translate(0 ${y})` },
    rowName(axis, 9, row.name),
    band(row.fresh, 1, 7),
    band(row.sticky, 9, 3),
    h(
      "text",
      {
        class: row.passages.some(({ rto }) => rto?.high === null) ? "tick strong" : "tick",
        x: axis.right + 10,
        y: 9,
      },
      summaryOf(row, moves),
    ),
  );
}
