import { type Series, seriesOf } from "../../../checkers/availability.ts";
import { type Interval, since } from "../../../checkers/interval.ts";
import type { Recovery } from "../../../checkers/recovery.ts";
import { duration } from "../../../harness/words.ts";
import { interval, moment } from "../../format.ts";
import { type Child, h } from "../../markup.ts";
import type { TimeAxis } from "../axis.ts";
import { AXIS_TOP, type Chart, rowName } from "../figure.ts";
import type { Reading } from "../reading.ts";
import { type Segment, segments } from "./strip.ts";

const PITCH = 14;
const TOP = AXIS_TOP + 4;

interface Row {
  readonly name: string;
  readonly recovery: Recovery | undefined;
  readonly rto: Interval | undefined;
  readonly fresh: readonly Segment[];
  readonly sticky: readonly Segment[];
}

/** One row for each deployment, the slowest to recover last. */
export function strips(reading: Reading, axis: TimeAxis): Chart {
  const rows = rowsOf(reading);
  const slowest = rows.at(-1);
  return {
    id: "availability",
    title: `Availability of ${rows.length} deployments`,
    caption:
      "Each row is a deployment, sorted by recovery. The thick band is what fresh clients met (new connection, name by its TTL; a health look and a write that is read back, both of which must succeed); the thin band below is a client that keeps its connection. On the right: from the fault to stable.",
    describes: `Availability over time of ${rows.length} deployments; the last to recover was ${slowest?.name ?? "none"}, ${slowest === undefined ? "" : recoveryText(slowest)} after the fault.`,
    isTall: true,
    height: TOP + rows.length * PITCH + 4,
    legend: [
      { swatch: "up", says: "up" },
      { swatch: "down", says: "down" },
      { swatch: "unknown", says: "unknown: a sample was late or missing" },
    ],
    drawing: rows.map((row, n) => drawn(row, TOP + n * PITCH, axis)),
    table: {
      head: ["deployment", "down from", "stable at", "from fault to stable", "downtime", "last error"],
      numeric: [1, 2, 3, 4],
      rows: rows.map((row) => {
        const { name, recovery } = row;
        const stable = recovery?.stable;
        return [
          name,
          recovery?.downAt === undefined ? "–" : moment(recovery.downAt),
          stable === undefined ? "–" : stable.high === null ? "never" : moment(stable.high),
          recoveryText(row),
          recovery === undefined ? "–" : interval(recovery.downtimeMs, "ms"),
          recovery?.lastError ?? "",
        ];
      }),
    },
  };
}

function rowsOf({ history, context, recoveries, outage, endsAt }: Reading): Row[] {
  const byName = Map.groupBy(seriesOf(history, context.timing), ({ deployment }) => deployment);
  const together = (series: readonly Series[], client: Series["client"]): Segment[] =>
    segments(
      series.filter((one) => one.client === client),
      endsAt,
    );
  const rows = context.deployments.map((name): Row => {
    const recovery = recoveries.find((one) => one.name === name);
    const series = byName.get(name) ?? [];
    return {
      name,
      recovery,
      rto: outage && recovery?.stable && since(outage.from, recovery.stable),
      fresh: together(series, "fresh"),
      sticky: together(series, "sticky"),
    };
  });
  return rows.sort((a, b) => order(a) - order(b));
}

/** Never down first, never recovered last. */
const order = ({ rto }: Row): number => (rto === undefined ? -1 : (rto.high ?? Number.POSITIVE_INFINITY));

const recoveryText = ({ recovery, rto }: Row): string => {
  if (recovery === undefined) return "not watched";
  if (rto === undefined) return "never down";
  return rto.high === null ? `> ${duration(rto.low)}` : duration(rto.high);
};

function drawn(row: Row, y: number, axis: TimeAxis): Child {
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
    h("text", { class: row.rto?.high === null ? "tick strong" : "tick", x: axis.right + 10, y: 9 }, recoveryText(row)),
  );
}
