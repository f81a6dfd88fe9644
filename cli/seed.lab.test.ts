import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playSmallDay, type SmallDay } from "../bench/small-day.ts";
import { modelDelays } from "../fixtures/lab/delays.ts";
import { readTruth } from "../fixtures/lab/truth.ts";
import type { DelayName } from "../fixtures/lab/types.ts";
import { loadConfig } from "./config.ts";

/**
 * What a seed promises: each region's nth delay of a name takes the same time, the failover's delays and the phases come in the same order,
 * and each probe keeps its place in the schedule. It does not promise which of several pods that wait at once draws first.
 */
const seed = "the same";
const settings = { "lab.deployments": 2, "lab.tasks": 4, "lab.timeScale": 300, "play.steadyMs": 1_000 };
const failoversOwn: readonly string[] = [
  "fisInitiate",
  "stackOverhead",
  "databaseInstanceCreate",
  "globalFailover",
  "dnsPropagation",
];

const open = new AsyncDisposableStack();
const days: SmallDay[] = [];
beforeAll(async () => {
  const { signal } = new AbortController();
  for (const _ of ["first", "second"]) days.push(open.use(await playSmallDay({ settings, seed, signal })));
}, 240_000);
afterAll(() => open.disposeAsync());

interface Delay {
  readonly region: string;
  readonly name: DelayName;
  readonly forMs: number;
}

/** The delays that were waited from the fault on, in order. */
function delaysOf({ directory }: SmallDay): readonly Delay[] {
  return readTruth(join(directory, "lab-truth.ndjson"))
    .filter(({ event }) => event === "delay")
    .toSorted((a, b) => a.monotonicMs - b.monotonicMs)
    .map(({ by, name, forMs }) => ({ region: by, name: name as DelayName, forMs: Number(forMs) }));
}

/** Offsets of the first samples of each series from the first of all. */
function scheduleOf({ history }: SmallDay): Record<string, number> {
  const first = new Map<string, number>();
  for (const { invocation } of history.pairs<{ deployment: string; kind: string; client: string; due: number }>(
    "probe",
    "sample",
  )) {
    if (invocation.process !== "probe/availability" || invocation.value === undefined) continue;
    const { deployment, kind, client, due } = invocation.value;
    const series = `${deployment} ${kind} ${client}`;
    first.set(series, Math.min(due, first.get(series) ?? due));
  }
  const begin = Math.min(...first.values());
  return Object.fromEntries([...first].map(([series, due]) => [series, due - begin]).toSorted());
}

const orderOf = ({ history }: SmallDay): readonly unknown[] => [
  ...[...history.pairs("run", "phase")].map(({ invocation }) => invocation.value),
  ...[...history.pairs("failover", "step")].map(({ invocation }) => invocation.value),
];

describe("two days of one seed", () => {
  it("wait every delay of a failover, so that there is something to compare", () => {
    for (const day of days) {
      expect(day.result.seed).toBe(seed);
      expect(delaysOf(day).map(({ name }) => name)).toEqual(expect.arrayContaining([...failoversOwn]));
    }
  });

  it("wait the delays that the seed plans, and another seed plans others", async () => {
    const { lab } = await loadConfig(
      { settings: Object.entries(settings).map(([key, value]) => [key, String(value), "here"] as const) },
      {},
    );
    const planned = (from: string, region: string, name: DelayName, count: number): number[] => {
      const delays = modelDelays(lab, from, region, new AbortController().signal);
      delays.arm();
      return Array.from({ length: count }, () => delays.ms(name));
    };
    for (const day of days) {
      for (const waited of Map.groupBy(delaysOf(day), ({ region, name }) => `${region} ${name}`).values()) {
        const [{ region, name } = { region: "", name: "podStart" as const }] = waited;
        const forMs = waited.map((one) => one.forMs);
        expect(forMs).toEqual(planned(seed, region, name, forMs.length));
        expect(forMs).not.toEqual(planned("another", region, name, forMs.length));
      }
    }
  });

  it("take the failover's delays, the phases and the steps in the same order", () => {
    const [first = [], second = []] = days.map((day) =>
      delaysOf(day).flatMap(({ region, name }) => (failoversOwn.includes(name) ? [`${region} ${name}`] : [])),
    );
    expect(first).toEqual(second);
    const [one, other] = days.map(orderOf);
    expect(one).toEqual(other);
  });

  it("keep the same schedule of probes", () => {
    const [one, other] = days.map(scheduleOf);
    expect(Object.keys(one ?? {})).toHaveLength(6);
    expect(one).toEqual(other);
  });
});
