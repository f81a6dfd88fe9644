import { expect, test } from "vitest";
import { type NameRecord, nameCache } from "./name-cache.ts";

const host = "dep-01.airflow.example";
const alias = (name: string, value: string, ttlMs: number): NameRecord => ({ name, type: "CNAME", ttlMs, value });
const address = (name: string, value: string, ttlMs = 60_000): NameRecord => ({ name, type: "A", ttlMs, value });
const chain = (region: string, { ingressTtlMs = 60_000, ip = `ip of ${region}` } = {}): NameRecord[] => [
  alias(host, "Ingress.airflow.example.", 300_000),
  alias("ingress.airflow.example", `${region}.elb.example.`, ingressTtlMs),
  address(`${region}.elb.example`, ip, 20_000),
];

test("an answer is fresh until its first record has expired, and the last one known for ever", () => {
  const cache = nameCache();
  expect(cache.learn(host, chain("east"), 0)).toBe("ip of east");
  expect(cache.fresh(host, 19_999)).toBe("ip of east");
  expect(cache.fresh(host, 20_000)).toBeUndefined();
  expect(cache.last(host)).toBe("ip of east");
  expect(cache.last("other.example")).toBeUndefined();
});

test("an alias is followed until its own TTL is over, whatever the name server says by now", () => {
  const cache = nameCache();
  cache.learn(host, chain("east", { ingressTtlMs: 86_400_000 }), 0);
  expect(cache.learn(host, chain("west"), 60_000)).toBe("ip of east");
  expect(cache.fresh(host, 79_999)).toBe("ip of east");
  expect(cache.learn(host, chain("west"), 86_400_000)).toBe("ip of west");
});

test("the record that moves is moved with its own TTL, not with that of what leads to it", () => {
  const cache = nameCache();
  cache.learn(host, chain("east"), 0);
  expect(cache.learn(host, chain("west"), 59_999)).toBe("ip of east");
  expect(cache.learn(host, chain("west"), 60_000)).toBe("ip of west");
});

test("two hosts of one ingress go by the same alias", () => {
  const cache = nameCache();
  cache.learn("a.example", [alias("a.example", "b.example", 10_000), address("b.example", "first")], 0);
  expect(cache.learn("b.example", [address("b.example", "second")], 1_000)).toBe("second");
  expect(
    cache.learn("a.example", [alias("a.example", "c.example", 10_000), address("c.example", "third")], 2_000),
  ).toBe("second");
});

test("of several addresses the first counts; a name may become an alias and be one no more", () => {
  const cache = nameCache();
  expect(cache.learn(host, [address(host, "1"), address(host, "2")], 0)).toBe("1");
  expect(cache.learn(host, [alias(host, "other.example", 1_000), address("other.example", "4")], 0)).toBe("4");
  expect(cache.learn(host, [address(host, "3")], 1_000)).toBe("3");
});

test("an answer without an address changes nothing, and a ring leads nowhere", () => {
  const cache = nameCache();
  cache.learn(host, chain("east"), 0);
  expect(cache.learn(host, [], 30_000)).toBeUndefined();
  expect(cache.learn(host, [alias(host, "elsewhere.example", 1_000)], 400_000)).toBeUndefined();
  expect(cache.fresh(host, 30_000)).toBeUndefined();
  expect(cache.last(host)).toBe("ip of east");
  const ring = [alias("x", "y", 1), alias("y", "x", 1), address("z", "1")];
  expect(nameCache().learn("x", ring, 0)).toBeUndefined();
});
