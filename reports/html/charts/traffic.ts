import { max } from "d3-array";
import type { Completion, History, Invocation } from "../../../harness/types.ts";
import { duration } from "../../../harness/words.ts";
import { count, moment } from "../../format.ts";
import { numberOf, textOf } from "../../values.ts";
import type { TimeAxis } from "../axis.ts";
import type { Chart } from "../figure.ts";
import type { Reading } from "../reading.ts";
import { curve, filled, type Panel, type Point, panel, panelFrame } from "./panel.ts";

/** A second of the load as its generator counted it, placed at the second's beginning. */
export interface Tally {
  readonly at: number;
  readonly value: unknown;
}

export const tallies = (history: History, process: Invocation["process"]): Tally[] =>
  [...history.pairs(process, "tally")]
    .filter(({ completion }) => completion?.type === "ok")
    .map(({ invocation, completion }) => ({ at: invocation.time, value: (completion as Completion).value }))
    .sort((a, b) => a.at - b.at);

/** What users and workers met: how long answers took, how many failed, how much was asked. */
export function traffic({ history, engine }: Reading, axis: TimeAxis): Chart {
  const users = tallies(history, "load/users");
  const [fresh, sticky] = (["fresh", "sticky"] as const).map((client) =>
    users.filter(({ value }) => textOf(value, "client") === client),
  );
  const beats = tallies(history, "load/heartbeats");
  const of = (seconds: readonly Tally[] | undefined, name: string): Point[] =>
    (seconds ?? []).map(({ at, value }) => ({ at, value: numberOf(value, name) }));
  const failedShare = (seconds: readonly Tally[] | undefined): Point[] =>
    (seconds ?? []).map(({ at, value }) => {
      const sent = numberOf(value, "sent") ?? 0;
      return { at, value: sent === 0 ? undefined : (numberOf(value, "failed") ?? 0) / sent };
    });
  const most = (points: readonly Point[]): number => max(points, ({ value }) => value) ?? 0;

  const p99 = of(fresh, "msP99");
  const latency = panel({
    title: "answers to users",
    top: 8,
    height: 130,
    max: Math.max(20, most(p99)),
    log: true,
    ticks: [1, 10, 100, 1_000, 10_000, 100_000],
    format: duration,
  });
  const errors = panel({
    title: "share that failed",
    top: 164,
    height: 70,
    max: 1,
    ticks: [0, 0.5, 1],
    format: (share) => `${share * 100} %`,
  });
  const beatsSent = of(beats, "sent");
  const perSecond = panel({
    title: "per second",
    top: 260,
    height: 90,
    max: Math.max(1, most(beatsSent)),
    format: count,
  });
  const panels: readonly Panel[] = [latency, errors, perSecond];
  return {
    id: "traffic",
    title: "Latency, errors and throughput",
    caption: `As ${engine} counted them, second by second. Latency is that of fresh clients, on a logarithmic scale; an answer that never came counts with the time after which it was given up.`,
    describes: "Percentiles of latency, share of failed requests, and requests per second over the time of the run.",
    height: 356,
    legend: [
      { swatch: "swatch-p50", says: "p50" },
      { swatch: "swatch-p95", says: "p95" },
      { swatch: "swatch-p99", says: "p99" },
      { swatch: "swatch-fresh", says: "fresh clients failed" },
      { swatch: "swatch-sticky", says: "kept connections failed" },
      { swatch: "sent", says: "heartbeats sent" },
      { swatch: "answered", says: "of these, answered" },
    ],
    drawing: [
      panels.map((one) => panelFrame(axis, one)),
      curve(p99, axis, latency, "line p99"),
      curve(of(fresh, "msP95"), axis, latency, "line p95"),
      curve(of(fresh, "msP50"), axis, latency, "line p50"),
      curve(failedShare(fresh), axis, errors, "line fresh-line", true),
      curve(failedShare(sticky), axis, errors, "line sticky-line", true),
      filled(beatsSent, axis, perSecond, "sent"),
      filled(of(beats, "ok"), axis, perSecond, "answered"),
    ],
    table: {
      head: ["second", "client", "sent", "failed", "p50", "p95", "p99"],
      numeric: [0, 2, 3, 4, 5, 6],
      rows: users.map(({ at, value }) => [
        moment(at),
        textOf(value, "client") ?? "",
        ...["sent", "failed", "msP50", "msP95", "msP99"].map((name) => numberOf(value, name) ?? "–"),
      ]),
    },
  };
}
