import { expect, test } from "vitest";
import { type NameRecord, nameCache } from "./name-cache.ts";

const host = "dep-01.airflow.example";
const alias = (name: string, value: string, ttlMs: number): NameRecord => ({ name, type: "CNAME", ttlMs, value });
const address = (name: string, value: string, ttlMs = 60_000): NameRecord => ({ name, type: "A", ttlMs, value });
const chain = (region: string, { ingressTtlMs = 60_000, name = host } = {}): NameRecord[] => [
  alias(name, "Ingress.airflow.example.", 300_000),
  alias("ingress.airflow.example", `${region}.elb.example.`, ingressTtlMs),
  address(`${region}.elb.example`, `ip of ${region}`, 60_000),
];

test("an answer is fresh until its first record has expired, and the last one known for ever", () => {
  const cache = nameCache();
  expect(cache.asks(host, 0)).toBe(host);
  cache.learn(chain("east"), 0);
  expect(cache.fresh(host, 59_999)).toBe("ip of east");
  expect(cache.fresh(host, 60_000)).toBeUndefined();
  expect(cache.last(host)).toBe("ip of east");
  expect(cache.last("other.example")).toBeUndefined();
});

test("the first record that has expired is what is asked for, once for all hosts behind it", () => {
  const cache = nameCache();
  cache.learn(chain("east"), 0);
  cache.learn(chain("east", { name: "dep-02.airflow.example" }), 0);
  expect(cache.asks(host, 60_000)).toBe("ingress.airflow.example");
  expect(cache.asks(host, 300_000)).toBe(host);
  cache.learn(chain("west").slice(1), 60_000);
  expect([host, "dep-02.airflow.example"].map((one) => cache.fresh(one, 60_000))).toEqual(["ip of west", "ip of west"]);
});

test("an alias is followed until its own TTL is over, whatever the name server says by now", () => {
  const cache = nameCache();
  cache.learn(chain("east", { ingressTtlMs: 86_400_000 }), 0);
  // The address at its end is never asked for by its own name.
  expect(cache.asks(host, 60_000)).toBe("ingress.airflow.example");
  cache.learn(chain("west").slice(1), 60_000);
  expect(cache.fresh(host, 119_999)).toBe("ip of east");
  expect(cache.fresh(host, 120_000)).toBeUndefined();
  cache.learn(chain("west"), 86_400_000);
  expect(cache.fresh(host, 86_400_000)).toBe("ip of west");
});

test("the record that moves is moved with its own TTL, not with that of what leads to it", () => {
  const cache = nameCache();
  cache.learn(chain("east"), 0);
  cache.learn(chain("west"), 59_999);
  expect(cache.last(host)).toBe("ip of east");
  cache.learn(chain("west"), 60_000);
  expect(cache.fresh(host, 60_000)).toBe("ip of west");
});

test("of several addresses the first counts; a name may become an alias and be one no more", () => {
  const cache = nameCache();
  cache.learn([address(host, "1"), address(host, "2")], 0);
  expect(cache.fresh(host, 0)).toBe("1");
  cache.learn([alias(host, "other.example", 1_000), address("other.example", "4")], 0);
  expect(cache.fresh(host, 0)).toBe("4");
  cache.learn([address(host, "3")], 1_000);
  expect(cache.fresh(host, 1_000)).toBe("3");
});

test("an answer without an address changes nothing, and a ring leads nowhere", () => {
  const cache = nameCache();
  cache.learn(chain("east"), 0);
  cache.learn([], 60_000);
  cache.learn([alias(host, "elsewhere.example", 1_000)], 400_000);
  expect(cache.fresh(host, 60_000)).toBeUndefined();
  expect(cache.last(host)).toBe("ip of east");
  const ring = nameCache();
  ring.learn([alias("x", "y", 1), alias("y", "x", 1), address("z", "1")], 0);
  expect(ring.last("x")).toBeUndefined();
  expect(ring.asks("x", 0)).toBe("x");
});
