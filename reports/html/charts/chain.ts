import { type Stage, stepsOf } from "../../../checkers/stages.ts";
import { tasksServed } from "../../../checkers/witnessed.ts";
import type { History, Millis } from "../../../harness/types.ts";
import { duration } from "../../../harness/words.ts";
import { moment } from "../../format.ts";
import { h } from "../../markup.ts";
import { numberOf } from "../../values.ts";
import type { TimeAxis } from "../axis.ts";
import { lineLinks } from "../evidence.ts";
import { type Chart, rowName } from "../figure.ts";
import type { Reading, Span } from "../reading.ts";
import { barLabel, type DrawnStage, LANE, lane, whenText } from "./lane.ts";

const STEP = 22;
const TOP = 6;

/** The swim lane of a recovery: what had to happen, one after the other, each placed by a witness of its own. */
export function chain({ history, faults }: Reading, span: Span, axis: TimeAxis): Chart {
  const { outage, name } = span;
  const stages = [...span.stages.map((stage) => asTold(stage, span)), ...servedTasks(history, span)];
  const steps = stepsOf(history, outage);
  const modelledMs = outage.planned
    ? undefined
    : [...history.pairs("failover", "decide")].map(({ invocation }) => numberOf(invocation.value, "modelledMs"))[0];
  const stepsTop = TOP + stages.length * LANE + (steps.length > 0 ? 26 : 0);
  const beginning = outage.planned ? "From the request" : "From the fault";
  const kills = faults.filter(({ lost, from, to }) => lost === undefined && to > axis.from && from < axis.to);
  const reached = reachedBefore(stages);
  return {
    id: name === "" ? "chain" : `chain-${name}`,
    title: span.drill === undefined ? "The chain of recovery" : `The chain of the ${span.drill.name}`,
    caption: [
      name !== "" && "Drawn larger than the run: its axis is the drill's own. ",
      outage.planned && "The platform was asked to move while all was well, so nobody had to find out first. ",
      `${beginning} to stable, stage by stage. Under each name stands its witness; the hatched end of a bar is the time between the last look that found it undone and the first that found it done. `,
      modelledMs !== undefined && `The decision is modelled: an operator who takes ${duration(modelledMs)}.`,
    ],
    describes: stages.map((stage) => `${stage.name}: ${whenText(stage, axis.zero)}`).join("; "),
    height: stepsTop + steps.length * STEP + 8,
    legend: [
      ...(outage.planned
        ? []
        : [
            { swatch: "outage", says: "the fault holds" },
            { swatch: "landing", says: "between the order and its first confirmed effect" },
          ]),
      { swatch: "stage", says: "a stage" },
      { swatch: "doubt", says: "its end lies in here" },
      ...(stages.some(({ at }) => at?.high === null) ? [{ swatch: "never", says: "not reached" }] : []),
      ...(steps.length > 0 ? [{ swatch: "step", says: "the platform's own account" }] : []),
      ...(kills.length > 0 ? [{ swatch: "held", says: "something else was broken meanwhile" }] : []),
    ],
    drawing: [
      kills.map(({ from, to, name: says }) =>
        h(
          "rect",
          {
            class: "held",
            x: axis.x(from),
            y: 0,
            width: Math.max(2, axis.x(to) - axis.x(from)),
            height: stepsTop + steps.length * STEP + 8,
          },
          h("title", {}, says),
        ),
      ),
      stages.map((stage, n) => lane(stage, reached[n], TOP + n * LANE, axis, outage.until)),
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
      head: [
        "stage",
        "witness",
        "seen at",
        outage.planned ? "after the request" : "after the fault",
        "since the stage before",
        "evidence",
      ],
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

/** What was planned begins with a request; there was no fault. */
const asTold = (stage: Stage, { outage }: Span): DrawnStage =>
  outage.planned && stage.name === "fault" ? { ...stage, name: "asked" } : stage;

/** Tasks are the platform's last promise, and the load is their witness. */
function servedTasks(history: History, { outage, context }: Span): DrawnStage[] {
  const served = tasksServed(history, outage, context);
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
