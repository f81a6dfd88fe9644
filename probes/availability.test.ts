import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { createQueryLog } from "../fixtures/lab/dns/queries.ts";
import { startDns } from "../fixtures/lab/dns/server.ts";
import { createZones } from "../fixtures/lab/dns/zones.ts";
import { seededRandom } from "../harness/random.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { availability } from "./availability.ts";

/** A deployment that keeps variables, and may be told to misbehave. */
async function startDeployment() {
  const variables = new Map<string, string>();
  const mood = { status: 200, forgetful: false };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const key = request.url?.split("/").at(-1) ?? "";
      if (request.method === "POST") {
        const given: { key: string; value: string } = JSON.parse(body);
        if (!mood.forgetful) variables.set(given.key, given.value);
      }
      response.writeHead(mood.status).end(JSON.stringify({ key, value: variables.get(key) ?? "old" }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    mood,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function watchOne(seed = "rehearsal") {
  await using stack = new AsyncDisposableStack();
  const deployment = stack.use(await startDeployment());
  const zones = createZones();
  zones.publish({
    name: "airflow.example",
    serial: 1,
    records: [{ name: "dep-01.airflow.example", type: "A", ttlSeconds: 60, values: ["127.0.0.1"] }],
  });
  const dns = stack.use(await startDns({ host: "127.0.0.1", port: 0, zones, queries: createQueryLog() }));
  const { run, ops, ended } = rehearse({
    environment: {
      platform: {
        name: "test",
        deployments: [{ name: "dep-01", host: "dep-01.airflow.example" }],
        port: deployment.port,
        token: "token",
        controlPlane: { url: "", token: "", clusterId: "" },
        ingressName: "",
        warmStandby: [],
      },
      dns: { address: "127.0.0.1", port: dns.port, dohUrl: "" },
      regionOf: () => "us-west-2",
    },
    scenario: {
      timing: {
        steadyMs: 1,
        recoveryDeadlineMs: 1,
        stableMs: 1,
        settleMs: 1,
        probeEveryMs: 50,
        probeWithinMs: 40,
        downAfter: 2,
        upAfter: 3,
        upSpanMs: 100,
      },
    },
  });
  const watching = stack.use(await availability.start({ ...run, random: seededRandom(seed) }));
  const owned = stack.move();
  return { mood: deployment.mood, ops, ended, watching, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe("availability", () => {
  it("finds a healthy deployment well, on every series", async () => {
    await using watched = await watchOne();
    await expect.poll(() => watched.watching.standing?.()).toBeUndefined();
    // On a busy machine the very first ones may take longer than they are given.
    const well = watched.ended("sample").find(({ type }) => type === "ok");
    expect(well).toMatchObject({ value: { address: "127.0.0.1", region: "us-west-2" } });
  });

  it("sees an error page as down, with its code", async () => {
    await using watched = await watchOne();
    watched.mood.status = 503;
    await expect
      .poll(() => watched.ended("sample").some(({ type, error }) => type === "fail" && error === "HTTP_503"))
      .toBe(true);
    expect(watched.watching.standing?.()).toContain("dep-01");
  });

  it("sees that what was written is not there, though every page answers", async () => {
    await using watched = await watchOne();
    watched.mood.forgetful = true;
    await expect.poll(() => watched.ended("sample").some(({ error }) => error === "STALE_READ")).toBe(true);
  });

  it("writes nothing any more once it is disposed", async () => {
    const watched = await watchOne();
    await expect.poll(() => watched.ended("sample").length).toBeGreaterThan(2);
    await watched[Symbol.asyncDispose]();
    const count = watched.ended("sample").length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(watched.ended("sample")).toHaveLength(count);
  });

  it("keeps each series' place in the schedule for a seed, and gives it another for another", async () => {
    const placesOf = async (seed: string): Promise<readonly number[]> => {
      await using watched = await watchOne(seed);
      const due = (kind: string, client: string): number[] =>
        watched.ops.flatMap(({ type, value }) => {
          const asked = Object(value);
          return type === "invoke" && asked.kind === kind && asked.client === client ? [Number(asked.due)] : [];
        });
      const series = () => [due("shallow", "fresh"), due("deep", "fresh"), due("shallow", "sticky")];
      await expect.poll(() => series().every((dues) => dues.length > 0)).toBe(true);
      const [begin = 0, ...others] = series().map((dues) => Math.min(...dues));
      return others.map((first) => first - begin);
    };
    const [places, again, otherwise] = [await placesOf("one"), await placesOf("one"), await placesOf("two")];
    expect(again).toEqual(places);
    expect(otherwise).not.toEqual(places);
  });
});
