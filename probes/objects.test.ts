import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { testAccount, testEndpoint } from "../fixtures/lab/aws/testing.ts";
import { movingName } from "../fixtures/lab/dns/testing.ts";
import type { Bucket } from "../fixtures/lab/objects/bucket.ts";
import { createObjectStore } from "../fixtures/lab/objects.ts";
import type { Peer } from "../fixtures/lab/types.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { objects } from "./objects.ts";

// These start servers of their own, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });
const patiently = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 });

const addressOf = { east: "127.0.0.11", west: "127.0.0.12" };
type Region = keyof typeof addressOf;

/** Two regions whose buckets replicate both ways over a wire that can be cut, and the name that says which one serves. */
async function stage(options: Parameters<typeof objects>[0] = {}) {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "objects-probe-"));
  stack.defer(() => rm(directory, { recursive: true }));
  const wire = { cut: false };
  const answers = new Map<string, (body: unknown, from: string) => unknown>();
  const peer = (region: string): Peer => ({
    region,
    on: (topic, answer) => void answers.set(`${region} ${topic}`, answer),
    async send(to, topic, body) {
      if (wire.cut) throw new Error("timed out");
      return answers.get(`${to} ${topic}`)?.(JSON.parse(JSON.stringify(body)), region);
    },
  });
  const regionOf = async (region: Region, other: Region) => {
    const where = { directory: join(directory, region), peer: peer(region), otherRegions: [other] };
    const made = stack.use(await createObjectStore({ accountId: testAccount.accountId, lingerMs: 1, ...where }));
    const bucket = await made.store.createBucket(`logs-${region}`);
    const rule = {
      ID: "all",
      Status: "Enabled" as const,
      Filter: { Prefix: "" },
      DeleteMarkerReplication: { Status: "Enabled" as const },
      Destination: { Bucket: `arn:aws:s3:::logs-${other}` },
    };
    await made.store.configure(bucket, { versioning: "Enabled", replication: { Role: "r", Rules: [rule] } });
    const endpoint = stack.use(await testEndpoint({ s3: made.s3 }, { region }));
    return { store: made.store, bucket, endpoint };
  };
  const made = { east: await regionOf("east", "west"), west: await regionOf("west", "east") };
  const name = stack.use(await movingName("ingress.airflow.example", addressOf.east));
  const at = (region: string) => made[region === "east" ? "east" : "west"];
  const rehearsal = rehearse({
    environment: {
      dns: name.dns,
      regions: { lost: "east", survivor: "west", controlPlanes: "west" },
      regionOf: (address) => Object.entries(addressOf).find(([, one]) => one === address)?.[0],
      aws: (region) => ({ ...at(region).endpoint.client }),
      names: {
        globalCluster: "",
        databaseCluster: {},
        eksCluster: {},
        hostedZoneId: "",
        bucket: { east: "logs-east", west: "logs-west" },
        imageBucket: {},
      },
      platform: {
        name: "test",
        deployments: [],
        port: 0,
        token: "",
        controlPlane: { url: "", token: "", clusterId: "" },
        ingressName: "ingress.airflow.example",
        warmStandby: [],
      },
    },
    scenario: { timing: { ...rehearse().run.scenario.timing, probeWithinMs: 5_000 } },
  });
  const probe = objects({ everyMs: 40, withinMs: 5_000, deleteOneIn: 4, deleteAfterMs: 50, ...options });
  const watching = stack.use(await probe.start(rehearsal.run));
  const owned = stack.move();
  return { ...rehearsal, ...made, wire, name, watching, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const live = (bucket: Bucket): number =>
  [...bucket.keys.from("")].filter((key) => !bucket.current(key)?.deleteMarker).length;
interface Put {
  readonly region: string;
  readonly key: string;
  readonly digests: readonly string[];
}
type Items = readonly (readonly [key: string, digest: string])[];
type Staged = Awaited<ReturnType<typeof stage>>;
const putsOf = ({ ops }: Staged): Put[] =>
  ops.flatMap((op) => (op.type === "invoke" && op.f === "put" ? [op.value as Put] : []));
const readsOf = ({ ended }: Staged): Items[] => ended("read").map(({ value }) => (value as { items: Items }).items);
const keysOf = (items: Items = []): Set<string> => new Set(items.map(([key]) => key));
const alteredIn = (at: Staged, items: Items = []): Items => {
  const digests = new Map(putsOf(at).map((put) => [put.key, put.digests]));
  return items.filter(([key, digest]) => !digests.get(key)?.includes(digest));
};

test("puts objects where the ingress name points, deletes some again, and tells what a region holds by its content", async () => {
  await using at = await stage();
  await patiently(() => at.ended("remove").length).toBeGreaterThan(2);
  expect(at.watching.standing?.()).toBeUndefined();
  expect(new Set(at.ended("put").map(({ type }) => type))).toEqual(new Set(["ok"]));
  await at.watching[Symbol.asyncDispose]();
  const [east, west] = readsOf(at);
  expect(keysOf(east).size).toBe(live(at.east.bucket));
  expect(alteredIn(at, east)).toEqual([]);
  expect(east?.some(([, digest]) => digest.startsWith("sha256:"))).toBe(true);
  expect(keysOf(west).size).toBeGreaterThan(0);
});

test("follows the name, and sees what came late once the wire is whole", async () => {
  await using at = await stage();
  await patiently(() => live(at.west.bucket)).toBeGreaterThan(3);
  at.wire.cut = true;
  const before = at.ended("put").length;
  await patiently(() => at.ended("put").length).toBeGreaterThan(before + 5);
  at.name.moveTo(addressOf.west);
  await patiently(() => putsOf(at).at(-1)?.region).toBe("west");
  await at.watching.takeStock?.("west");
  at.wire.cut = false;
  await vi.waitUntil(() => live(at.west.bucket) === live(at.east.bucket), { timeout: 20_000, interval: 10 });
  await at.watching[Symbol.asyncDispose]();
  const [atStock, inTheEnd] = [keysOf(readsOf(at)[0]), keysOf(readsOf(at).at(-1))];
  const late = putsOf(at).filter(({ region, key }) => region === "east" && !atStock.has(key) && inTheEnd.has(key));
  expect(late.length).toBeGreaterThan(0);
});

test("an altered object shows by its digest", async () => {
  await using at = await stage({ deleteOneIn: 1_000_000 });
  await patiently(() => at.ended("put").filter(({ type }) => type === "ok").length).toBeGreaterThan(3);
  const [key = ""] = at.east.bucket.keys.from("");
  await at.east.store.put(at.east.bucket, key, Buffer.from("altered"), {});
  await at.watching.takeStock?.("east");
  const altered = alteredIn(at, readsOf(at)[0]);
  expect(altered.map(([, digest]) => digest.split(":")[0])).toEqual(["md5", "sha256"]);
  expect(altered.every(([name]) => key.endsWith(name))).toBe(true);
});

test("says why no object is taken, and that it is certain when nobody listened", async () => {
  await using at = await stage();
  await patiently(() => at.ended("put").length).toBeGreaterThan(0);
  await at.east.endpoint[Symbol.asyncDispose]();
  await patiently(() => at.watching.standing?.()).toBe("east takes no objects: ECONNREFUSED");
  expect(at.ended("put").at(-1)).toMatchObject({ type: "fail", error: "ECONNREFUSED" });
  await at.watching.takeStock?.("east");
  expect(at.ended("read")).toMatchObject([{ type: "fail" }]);
  at.name.moveTo("127.0.0.99");
  await patiently(() => at.watching.standing?.()).toContain("points to no region");
});
