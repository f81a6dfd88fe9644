import { expect, test } from "vitest";
import { kindOf, rateBetween } from "./cpu-watch.ts";

test("processes are known by their command lines", () => {
  expect(kindOf("/usr/bin/node /src/fixtures/lab/region.ts ")).toBe("region process");
  expect(kindOf("postgres: walsender replicator 127.10.0.5(4711) streaming 0/3000000")).toBe("replication");
  expect(kindOf("postgres: airflow airflow 127.10.0.5(4711) UPDATE")).toBe("PostgreSQL");
  expect(kindOf("/home/me/.cache/gameday/bin/k6-2.2.0 run --quiet - ")).toBe("load engine");
  expect(kindOf("/usr/bin/node --import tsx cli/main.ts run ")).toBe("command (probes, history)");
  expect(kindOf("sh -c true")).toBe("others");
});

test("a rate is taken between the looks nearest to its two moments, and counts kinds that began in between from nothing", () => {
  const look = (wallMs: number, seconds: Record<string, number>) => ({
    wallMs,
    secondsByKind: new Map(Object.entries(seconds)),
  });
  const looks = [look(0, { a: 1 }), look(1_000, { a: 2 }), look(3_000, { a: 3, b: 0.5 }), look(9_000, { a: 90 })];
  expect([...rateBetween(looks, 1_100, 2_900)]).toEqual([
    ["a", 0.5],
    ["b", 0.25],
  ]);
  expect(rateBetween(looks, 100, 200).size).toBe(0);
});
