import { max } from "d3-array";
import { taskEvents } from "../../../checkers/vocabulary.ts";
import { countOf } from "../../../harness/words.ts";
import { count, moment } from "../../format.ts";
import { numberOf } from "../../values.ts";
import type { TimeAxis } from "../axis.ts";
import type { Chart } from "../figure.ts";
import type { Reading } from "../reading.ts";
import { curve, filled, limitLine, type Point, panel, panelFrame } from "./panel.ts";
import { tallies } from "./traffic.ts";

/** How many tasks were alive, and how many had been killed or begun again. */
export function survival(reading: Reading, axis: TimeAxis): Chart {
  const { history, result, endsAt } = reading;
  const alive = tallies(history, "load/heartbeats").map(
    ({ at, value }): Point => ({ at, value: numberOf(value, "alive") }),
  );
  const [killed, restarted]: [number[], number[]] = [[], []];
  for (const {
    invocation: { time, value },
    completion,
  } of taskEvents(history)) {
    if (completion?.type !== "ok") continue;
    if (value?.event === "killed") killed.push(time);
    if (value?.event === "start" && value.try > 1) restarted.push(time);
  }
  const wanted = result.objectives.tasksAliveAtLeast;
  const most = max([wanted, killed.length, restarted.length, max(alive, ({ value }) => value) ?? 0]) ?? 1;
  const tasks = panel({ title: "tasks", top: 10, height: 170, max: most, format: count });
  return {
    id: "survival",
    title: "Survival of tasks",
    caption:
      "A task is alive while its worker sends heartbeats and has not given up. Killed and restarted are counted from the beginning of the run; a restarted task is one that began again with its next try.",
    describes: `Tasks alive over time; ${countOf(killed.length, "task")} killed and ${countOf(restarted.length, "task")} restarted by the end.`,
    height: 186,
    legend: [
      { swatch: "alive", says: "alive" },
      { swatch: "swatch-killed", says: `killed so far (${count(killed.length)})` },
      { swatch: "swatch-restarted", says: `restarted so far (${count(restarted.length)})` },
    ],
    drawing: [
      filled(alive, axis, tasks, "alive"),
      panelFrame(axis, tasks),
      limitLine(axis, tasks, wanted, `wanted ${count(wanted)}`),
      curve(growing(killed, endsAt), axis, tasks, "line killed", true),
      curve(growing(restarted, endsAt), axis, tasks, "line restarted", true),
    ],
    table: {
      head: ["second", "alive"],
      numeric: [0, 1],
      rows: alive.map(({ at, value }) => [moment(at), value ?? "–"]),
    },
  };
}

/** How many there had been at each moment at which there was one more; one point per tenth of a second is enough to see. */
function growing(times: readonly number[], endsAt: number): Point[] {
  const counted = new Map<number, number>([[0, 0]]);
  for (const [n, at] of [...times].sort((a, b) => a - b).entries()) counted.set(Math.round(at / 100) * 100, n + 1);
  return [...[...counted].map(([at, value]) => ({ at, value })), { at: endsAt, value: times.length }];
}
