import { stepsOf } from "../../../checkers/stages.ts";
import { tasksServed } from "../../../checkers/witnessed.ts";
import type { Millis } from "../../../harness/types.ts";
import { duration } from "../../../harness/words.ts";
import { moment } from "../../format.ts";
import { type Child, h } from "../../markup.ts";
import { numberOf, textOf } from "../../values.ts";
import type { TimeAxis } from "../axis.ts";
import { lineLinks } from "../evidence.ts";
import { type Chart, rowName } from "../figure.ts";
import type { Reading } from "../reading.ts";
import { barLabel, type DrawnStage, LANE, lane, whenText } from "./lane.ts";

const STEP = 22;
const PHASES = 30;

/** The swim lane of the recovery: what had to happen, one after the other, each placed by a witness of its own. */
export function chain(reading: Reading, axis: TimeAxis): Chart {
  const { history, outage } = reading;
  const stages = [...reading.stages, ...servedTasks(reading)];
  const steps = outage === undefined ? [] : stepsOf(history, outage);
  const modelledMs = [...history.pairs("failover", "decide")].map(({ invocation }) =>
    numberOf(invocation.value, "modelledMs"),
  )[0];
  const stepsTop = PHASES + stages.length * LANE + (steps.length > 0 ? 26 : 0);
  const reached = reachedBefore(stages);
  return {
    id: "chain",
    title: "The chain of recovery",
    caption: [
      "From the fault to stable, stage by stage. Under each name stands its witness; the hatched end of a bar is the time between the last look that found it undone and the first that found it done. ",
      modelledMs !== undefined && `The decision is modelled: an operator who takes ${duration(modelledMs)}.`,
    ],
    describes: stages.map((stage) => `${stage.name}: ${whenText(stage, axis.zero)}`).join("; "),
    height: stepsTop + steps.length * STEP + 8,
    legend: [
      { swatch: "outage", says: "the fault holds" },
      { swatch: "landing", says: "between the order and its first confirmed effect" },
      { swatch: "stage", says: "a stage" },
      { swatch: "doubt", says: "its end lies in here" },
      ...(stages.some(({ at }) => at?.high === null) ? [{ swatch: "never", says: "not reached" }] : []),
      ...(steps.length > 0 ? [{ swatch: "step", says: "the platform's own account" }] : []),
    ],
    drawing: [
      phases(reading, axis),
      stages.map((stage, n) => lane(stage, reached[n], PHASES + n * LANE, axis, outage?.until ?? axis.to)),
      steps.length > 0 &&
        h(
          "text",
          { class: "row-note", x: axis.left - 12, y: stepsTop - 8, "text-anchor": "end" },
          "as the platform tells it",
        ),
      steps.map(({ step, began, ended, state }, n) => {
        const y = stepsTop + n * STEP;
        const [x, to] = [axis.x(began), axis.x(ended ?? axis.to)];
        return [
          rowName(axis, y + 12, step ?? "step"),
          h("rect", {
            class: state === "ok" ? "step" : "step failed",
            x,
            y: y + 3,
            width: Math.max(2, to - x),
            height: 11,
            rx: 2,
          }),
          barLabel(axis, x, to, y + 13, ended === undefined ? "did not end" : stepText(ended - began, state)),
        ];
      }),
    ],
    table: {
      head: ["stage", "witness", "seen at", "after the fault", "since the stage before", "evidence"],
      numeric: [2, 3, 4],
      rows: stages.map((stage) => [
        stage.name,
        stage.witness,
        stage.at === undefined ? "no witness" : stage.at.high === null ? "never" : moment(stage.at.high),
        whenText(stage, axis.zero),
        stage.sinceMs === undefined ? "–" : duration(stage.sinceMs),
        lineLinks(stage.evidence),
      ]),
    },
  };
}

const stepText = (tookMs: Millis, state: string | undefined): string =>
  state === "ok"
    ? duration(tookMs)
    : state === "fail"
      ? `failed after ${duration(tookMs)}`
      : `${duration(tookMs)}, no end seen`;

/** Tasks are the platform's last promise, and the load is their witness. */
function servedTasks({ history, outage, context }: Reading): DrawnStage[] {
  const served = outage && tasksServed(history, outage, context);
  if (served === undefined) return [];
  const { low, high, lastSeen, evidence } = served;
  return [{ name: "tasks served", witness: "load/heartbeats", at: { low, high }, lastSeen, evidence }];
}

/** The latest stage that was reached before each. */
function reachedBefore(stages: readonly DrawnStage[]): (Millis | undefined)[] {
  let latest: Millis | undefined;
  return stages.map(({ at }) => {
    const before = latest;
    if (typeof at?.high === "number") latest = Math.max(latest ?? 0, at.high);
    return before;
  });
}

function phases({ history, endsAt }: Reading, axis: TimeAxis): Child {
  const known = [...history.pairs("run", "phase")];
  return [
    rowName(axis, 16, "the run"),
    known.map(({ invocation, completion }, n) => {
      const name = textOf(invocation.value, "phase") ?? "";
      const [x, to] = [axis.x(invocation.time), axis.x(completion?.time ?? endsAt)];
      return [
        h("rect", { class: n % 2 === 0 ? "phase" : "phase odd", x, y: 2, width: Math.max(1, to - x), height: 20 }),
        to - x > name.length * 6.4 + 4 &&
          h("text", { class: "phase-name", x: (x + to) / 2, y: 16, "text-anchor": "middle" }, name),
      ];
    }),
  ];
}
