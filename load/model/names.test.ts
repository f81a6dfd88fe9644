import { expect, test } from "vitest";
import { type Driven, drive } from "../testing/drive.ts";
import { createClient } from "./client.ts";
import type { ClientKind } from "./lines.ts";

const dohUrl = "http://127.0.0.1:8053/dns-query";
const host = "dep-01.airflow.example";
const lostAddress = "127.10.0.3";
const survivorAddress = "127.20.0.3";

const chain = (address: string, ttlSeconds: number) =>
  JSON.stringify({
    Status: 0,
    Answer: [
      { name: host, type: 5, TTL: 300, data: "ingress.example." },
      { name: "ingress.example", type: 1, TTL: ttlSeconds, data: address },
    ],
  });
const isDns = (url: string): boolean => url.startsWith(dohUrl);
const asked = ({ exchanges }: Driven): number[] => exchanges.filter(({ url }) => isDns(url)).map(({ atMs }) => atMs);
const called = ({ exchanges }: Driven): string[] =>
  exchanges.filter(({ url }) => !isDns(url)).map(({ url }) => new URL(url).hostname);

/** One call per second. The record moves to the survivor at `movesAtMs`, and from `failsAtMs` on the lost region answers nothing. */
const callEverySecond = (
  kind: ClientKind,
  { movesAtMs = Infinity, failsAtMs = Infinity, dnsFailsAtMs = Infinity, seconds = 8 } = {},
): Driven =>
  drive(
    function* (nowMs) {
      const client = createClient({ dohUrl, port: 8080, token: "secret" }, kind, nowMs);
      for (let second = 0; second < seconds; second++) {
        yield { untilMs: second * 1_000 };
        yield* client.call(host, { method: "GET", path: "/" });
      }
    },
    ({ url }, atMs) => {
      if (isDns(url)) {
        if (atMs >= dnsFailsAtMs) return { status: 0 };
        return { status: 200, body: chain(atMs >= movesAtMs ? survivorAddress : lostAddress, 3) };
      }
      return { status: url.includes(lostAddress) && atMs >= failsAtMs ? 0 : 200 };
    },
    seconds * 1_000,
  );

test("a fresh client asks again when the smallest TTL of the chain is over", () => {
  expect(asked(callEverySecond("fresh"))).toEqual([0, 3_000, 6_000]);
});

test("a sticky client keeps its address for as long as it works", () => {
  const driven = callEverySecond("sticky", { movesAtMs: 2_000 });
  expect(asked(driven)).toEqual([0]);
  expect(new Set(called(driven))).toEqual(new Set([lostAddress]));
});

test("a sticky client that fails asks again, though not before its TTL is over", () => {
  const driven = callEverySecond("sticky", { failsAtMs: 1_000, movesAtMs: 0 + 1_500 });
  expect(asked(driven)).toEqual([0, 3_000]);
  expect(called(driven)).toEqual([lostAddress, lostAddress, lostAddress, ...Array(5).fill(survivorAddress)]);
});

test("a client whose name server is silent goes on with the address that it had", () => {
  const driven = callEverySecond("fresh", { dnsFailsAtMs: 1_000 });
  expect(called(driven)).toHaveLength(8);
});

test("a client that never got an address has no answer", () => {
  const driven = callEverySecond("fresh", { dnsFailsAtMs: 0 });
  expect(called(driven)).toEqual([]);
  expect(asked(driven)).toHaveLength(8);
});

test("the call goes to the address with the name as Host, and a fresh client closes its connection", () => {
  const call = ({ exchanges }: Driven) => exchanges.find(({ url }) => !isDns(url));
  expect(call(callEverySecond("fresh"))).toMatchObject({
    url: `http://${lostAddress}:8080/`,
    headers: { Host: host, Connection: "close", Authorization: "Bearer secret" },
  });
  expect(call(callEverySecond("sticky"))?.headers).not.toHaveProperty("Connection");
});
