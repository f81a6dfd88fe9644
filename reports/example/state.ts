import type { Random } from "../../harness/types.ts";
import { type Did, did, ok } from "../../history/literal.ts";
import { between, regions, times } from "./times.ts";

const plugins = ["karpenter", "reconciler", "bin-pack-scheduler"];

/** What probes saw of the state beside the database: objects and images, what names them, what stands by, and who says that it is protected. */
export function state(random: Random, recovers: boolean): Did[] {
  return [
    ...deposits("objects", 250, random, recovers),
    ...deposits("images", 2_000, random, recovers),
    ...(recovers ? agreement() : []),
    ...standby(recovers),
    ...protection(recovers),
  ];
}

/** One of its kind in each interval, all of which had crossed but the last. */
function deposits(goods: "objects" | "images", everyMs: number, random: Random, recovers: boolean): Did[] {
  const puts = Array.from({ length: Math.floor((times.dark - 1_000) / everyMs) }, (_, n) => 1_000 + n * everyMs);
  const key = (n: number): string => `${goods}/${n}`;
  const digests = (n: number): string[] => [`md5:${n}`, `sha256:${n}`];
  const there = puts.map((_, n): [string, string] => [key(n), `md5:${n}`]);
  const read = (region: string, at: number, items: readonly [string, string][]): Did =>
    did(`probe/${goods} read`, [at, at + 60], { region }, ok({ items, partial: [] }));
  return [
    ...puts.map((at, n) => {
      const took = between(random, 4, 12);
      return did(`probe/${goods} put`, [at, at + took], { region: regions.lost, key: key(n), digests: digests(n) });
    }),
    ...(recovers ? [read(regions.survivor, times.stock, there.slice(0, -1))] : []),
    ...(recovers ? [read(regions.survivor, times.end - 100, there)] : []),
  ];
}

const agreement = (): Did[] => [
  did(
    "probe/tasks logs",
    [times.stock, times.stock + 80],
    { region: regions.survivor },
    ok({ named: 412, absent: [] }),
  ),
  did(
    "probe/images named",
    [times.stock, times.stock + 40],
    { region: regions.survivor },
    ok({ images: [[`registry.${regions.survivor}.example/airflow-runtime@sha256:0`, 80, true]] }),
  ),
];

function standby(recovers: boolean): Did[] {
  const looks = Array.from({ length: Math.floor(times.dark / 2_000) }, (_, n) => 1_000 + n * 2_000);
  const runs = plugins.map((name) => [name, 1, 1]);
  return (recovers ? looks : looks.slice(0, 9)).map((at) =>
    did(
      "probe/standby look",
      [at, at + 18],
      { region: regions.survivor, expected: plugins },
      ok({ serving: regions.lost, runs, strays: [] }),
    ),
  );
}

/** Protected until the fault, and not any more until the end of this run: the old region is only being rebuilt then. */
function protection(recovers: boolean): Did[] {
  const looks = Array.from({ length: Math.floor((times.end - 2_000) / 1_000) }, (_, n) => 1_300 + n * 1_000);
  return looks.map((at) => {
    const moved = recovers && at > times.writerPromoted;
    const before = at < times.dark;
    const claim = before
      ? { state: "protected", because: "the second region is in sync" }
      : { state: "unprotected", because: `${regions.lost} is lost` };
    const members = [
      { region: regions.lost, writer: !moved, state: moved ? "pending-resync" : null },
      { region: regions.survivor, writer: moved, state: moved ? null : before ? "connected" : "pending-resync" },
    ];
    const witness = { region: moved ? regions.survivor : regions.lost, members };
    return did("probe/protection sample", [at, at + 25], {}, ok({ claim, witness, troubles: [] }));
  });
}
