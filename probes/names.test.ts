import { expect, test } from "vitest";
import { createQueryLog } from "../fixtures/lab/dns/queries.ts";
import { startDns } from "../fixtures/lab/dns/server.ts";
import { createZones } from "../fixtures/lab/dns/zones.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { askChain, askNames, rememberByTtl } from "./names.ts";

const host = "dep-01.airflow.example";
const record = (name: string, type: string, ttlSeconds: number, value: string) => ({
  name,
  type,
  ttlSeconds,
  values: [value],
});
const zone = (serial: number, region: string, ttlSeconds: number) => ({
  name: "airflow.example",
  serial,
  records: [
    record(host, "CNAME", 300, "ingress.airflow.example"),
    record("ingress.airflow.example", "CNAME", ttlSeconds, `${region}.airflow.example`),
    record("east.airflow.example", "A", 60, "127.10.0.3"),
    record("west.airflow.example", "A", 60, "127.20.0.3"),
  ],
});

async function stage() {
  const zones = createZones();
  const queries = createQueryLog();
  const dns = await startDns({ host: "127.0.0.1", port: 0, zones, queries });
  const time = { now: 0 };
  const { run } = rehearse({ environment: { dns: { address: "127.0.0.1", port: dns.port, dohUrl: "" } } });
  const clock = { ...run.clock, now: () => time.now };
  return {
    zones,
    time,
    asked: () => queries.since(0).length,
    find: rememberByTtl(askChain(run.environment, 1_000), clock),
    ask: askNames(run.environment, 1_000),
    [Symbol.asyncDispose]: () => dns[Symbol.asyncDispose](),
  };
}

test("clients follow the record that moves when its own TTL is over; whoever asks without a memory sees it at once", async () => {
  await using at = await stage();
  at.zones.publish(zone(1, "east", 3_600));
  expect(await Promise.all([at.find(host), at.find(host)])).toEqual(["127.10.0.3", "127.10.0.3"]);
  expect(at.asked()).toBe(1);
  at.zones.publish(zone(2, "west", 60));
  at.time.now = 60_000;
  expect(await at.find(host)).toBe("127.10.0.3");
  expect(at.asked()).toBe(2);
  expect(await at.ask(host)).toBe("127.20.0.3");
  at.time.now = 3_600_000;
  expect(await at.find(host)).toBe("127.20.0.3");
});

test("what the name server says is wrong is told by its code, and asked again", async () => {
  await using at = await stage();
  await expect(at.find(host)).rejects.toMatchObject({ code: "EREFUSED" });
  at.zones.publish({ ...zone(1, "east", 60), records: [record(host, "CNAME", 60, "none.elsewhere.example")] });
  await expect(at.find("none.airflow.example")).rejects.toMatchObject({ code: "ENOTFOUND" });
  await expect(at.find(host)).rejects.toMatchObject({ code: "ENODATA" });
  at.zones.publish(zone(2, "east", 60));
  expect(await at.find(host)).toBe("127.10.0.3");
});
