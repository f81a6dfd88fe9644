import { samples } from "../../../checkers/vocabulary.ts";
import type { History, Millis } from "../../../harness/types.ts";
import { duration } from "../../../harness/words.ts";
import { moment } from "../../format.ts";
import { type Child, h } from "../../markup.ts";
import type { TimeAxis } from "../axis.ts";
import { type Chart, rowName } from "../figure.ts";
import type { Reading } from "../reading.ts";

const ROW = 26;

/** A stretch of time in which one thing was so. */
export interface Stretch {
  readonly kind: string;
  readonly says: string;
  readonly from: Millis;
  readonly to: Millis;
}

export interface StretchRow {
  readonly name: string;
  readonly stretches: readonly Stretch[];
}

/** The run at one glance: what was broken, which drill went on, and from where clients were served. */
export function overview(reading: Reading, axis: TimeAxis): Chart {
  const { history, context, faults, endsAt } = reading;
  const rows: StretchRow[] = [
    ...[...Map.groupBy(faults, ({ name }) => name)].map(([name, held]) => ({
      name,
      stretches: held.map(({ from, to, lost }) => ({
        kind: lost === undefined ? "held" : "held lost",
        says: duration(to - from),
        from,
        to,
      })),
    })),
    ...drillRows(reading),
    {
      name: "clients served from",
      stretches: servedFrom(history, [context.regions.lost, context.regions.survivor], endsAt),
    },
  ];
  return {
    id: "overview",
    title: "The run at a glance",
    caption: [
      faults.length > 0 && "What was broken and for how long. ",
      reading.moves && "How long each drill took until all was stable. ",
      "The region that answered fresh clients; where nothing is drawn in that row, nobody answered.",
    ],
    describes: rows
      .map(
        ({ name, stretches }) =>
          `${name}: ${stretches.map(({ says, from }) => `${says} from ${moment(from)}`).join(", ") || "never"}`,
      )
      .join("; "),
    height: rows.length * ROW + 8,
    legend: [
      { swatch: "region-1", says: context.regions.lost },
      { swatch: "region-2", says: context.regions.survivor },
      ...(faults.length > 0 ? [{ swatch: "held", says: "broken" }] : []),
      ...(reading.moves ? [{ swatch: "stage", says: "not stable yet" }] : []),
    ],
    drawing: drawnRows(rows, axis),
    table: {
      head: ["what", "", "from", "to", "took"],
      numeric: [2, 3, 4],
      rows: rows.flatMap(({ name, stretches }) =>
        stretches.map(({ says, from, to }) => [name, says, moment(from), moment(to), duration(to - from)]),
      ),
    },
  };
}

const drillRows = ({ spans, moves }: Reading): StretchRow[] =>
  !moves
    ? []
    : spans.map(({ drill, outage, stableAt }) => ({
        name: drill?.name ?? "recovery",
        stretches: [
          {
            kind: stableAt === undefined ? "never" : "stage",
            says:
              stableAt === undefined
                ? `not stable after ${duration(outage.until - outage.from.low)}`
                : `stable after ${duration(stableAt - outage.from.low)}`,
            from: outage.from.low,
            to: stableAt ?? outage.until,
          },
        ],
      }));

/** The region that answered most fresh clients, second by second; nothing where none did. */
function servedFrom(history: History, regions: readonly string[], endsAt: Millis): Stretch[] {
  const bySecond = new Map<number, number[]>();
  for (const { invocation, completion } of samples(history)) {
    const of = regions.indexOf(completion?.value?.region ?? "");
    if (completion?.type !== "ok" || invocation.value?.client !== "fresh" || of < 0) continue;
    const second = Math.floor(invocation.value.due / 1_000);
    const counts = bySecond.get(second) ?? regions.map(() => 0);
    bySecond.set(second, counts);
    counts[of] = (counts[of] ?? 0) + 1;
  }
  const stretches: Stretch[] = [];
  for (const [second, counts] of [...bySecond].sort(([a], [b]) => a - b)) {
    const [most] = regions.map((region, n) => ({ region, count: counts[n] ?? 0 })).sort((a, b) => b.count - a.count);
    if (most === undefined || most.count === 0) continue;
    const [from, to] = [second * 1_000, Math.min(endsAt, (second + 1) * 1_000)];
    const last = stretches.at(-1);
    if (last?.says === most.region && last.to === from) stretches[stretches.length - 1] = { ...last, to };
    else stretches.push({ kind: `region-${regions.indexOf(most.region) + 1}`, says: most.region, from, to });
  }
  return stretches;
}

/** Rows of bars, with words inside a bar where there is room, else beside the last of its row. */
export const drawnRows = (rows: readonly StretchRow[], axis: TimeAxis): Child =>
  rows.map(({ name, stretches }, n) => {
    const y = 4 + n * ROW;
    return [
      rowName(axis, y + 14, name),
      stretches.map(({ kind, says, from, to }, k) => {
        const [x, end] = [axis.x(from), axis.x(to)];
        const fits = end - x > says.length * 6.6 + 8;
        const isLast = k === stretches.length - 1;
        return [
          h(
            "rect",
            { class: kind, x, y, width: Math.max(2, end - x), height: 19, rx: 2 },
            h("title", {}, `${says}, ${duration(to - from)}`),
          ),
          fits && h("text", { class: `on-bar on-${kind.split(" ")[0]}`, x: x + 7, y: y + 13.5 }, says),
          !fits && isLast && h("text", { class: "bar-label", x: end + 7, y: y + 14 }, says),
        ];
      }),
    ];
  });
