import { expect, test, vi } from "vitest";
import { movingName } from "../fixtures/lab/dns/testing.ts";
import { serveHttp } from "../fixtures/lab/http.ts";
import { pods } from "../fixtures/lab/kubernetes/kinds.ts";
import { deploymentNamed, testCluster } from "../fixtures/lab/kubernetes/testing.ts";
import { registryApp } from "../fixtures/lab/registry/app.ts";
import { contentsOf } from "../fixtures/lab/registry/contents.ts";
import type { RegistryStorage } from "../fixtures/lab/registry/storage.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { images } from "./images.ts";

// These start servers of their own, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });
const patiently = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 });

const addressOf: Readonly<Record<string, string>> = { east: "127.0.0.11", west: "127.0.0.12" };

/** A registry over files that the test can take away or alter. */
async function registry() {
  const files = new Map<string, Buffer>();
  const storage: RegistryStorage = {
    read: async (path) => files.get(path),
    size: async (path) => files.get(path)?.length,
    write: async (path, content) => void files.set(path, content),
  };
  const served = await serveHttp(registryApp({ own: contentsOf(storage) }), { host: "127.0.0.1", port: 0 });
  return { files, url: `http://127.0.0.1:${served.port}`, [Symbol.asyncDispose]: () => served[Symbol.asyncDispose]() };
}

/** Two regions with a registry each, a cluster in the first, and the name that says which one serves. */
async function stage() {
  await using stack = new AsyncDisposableStack();
  const [east, west] = [stack.use(await registry()), stack.use(await registry())];
  const cluster = stack.use(await testCluster());
  const name = stack.use(await movingName("ingress.airflow.example", "127.0.0.11"));
  const rehearsal = rehearse({
    environment: {
      dns: name.dns,
      regions: { lost: "east", survivor: "west", controlPlanes: "west" },
      regionOf: (address) => Object.keys(addressOf).find((region) => addressOf[region] === address),
      registry: (region) => ({ url: region === "east" ? east.url : west.url }),
      kubernetes: () => ({ server: cluster.url, token: "secret" }),
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
  const watching = stack.use(await images({ everyMs: 60, withinMs: 5_000 }).start(rehearsal.run));
  await patiently(() => rehearsal.ended("put").filter(({ type }) => type === "ok").length).toBeGreaterThan(3);
  const owned = stack.move();
  return { ...rehearsal, east, west, cluster, watching, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

interface Seen {
  readonly items: readonly (readonly [key: string, digest: string])[];
  readonly partial: readonly (readonly [key: string, missing: string])[];
}
type Staged = Awaited<ReturnType<typeof stage>>;
const readOf = async (at: Staged, region: string): Promise<Seen> => {
  await at.watching.takeStock?.(region);
  return at.ended("read").at(-1)?.value as Seen;
};
interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}
/** The file that holds some content. */
const dataOf = ({ east }: Staged, digest: string): string =>
  [...east.files.keys()].find((path) => path.endsWith(`${digest.slice("sha256:".length)}/data`)) ?? "";
/** The first that was put. */
const keyOf = ({ ops }: Staged): string =>
  ops.flatMap((op) => (op.type === "invoke" && op.f === "put" ? [(op.value as { key: string }).key] : []))[0] ?? "";

test("pushes images where the ingress name points, and pulls each by its digest", async () => {
  await using at = await stage();
  const here = await readOf(at, "east");
  expect(here.items.length).toBeGreaterThan(3);
  expect(here.items.every(([key, digest]) => key === `gameday/probe@${digest}`)).toBe(true);
  expect(await readOf(at, "west")).toEqual({ items: [], partial: [] });
  expect(at.watching.standing?.()).toBeUndefined();
});

test("an image without one of its blobs is there in part, and an altered blob shows", async () => {
  await using at = await stage();
  const key = keyOf(at);
  const [, digest = ""] = key.split("@");
  const { config, layers } = JSON.parse(String(at.east.files.get(dataOf(at, digest)))) as Manifest;
  at.east.files.set(dataOf(at, layers[0]?.digest ?? ""), Buffer.from("altered"));
  const altered = (await readOf(at, "east")).items.find(([one]) => one === key);
  expect(altered?.[1]).toMatch(/with blob sha256:[0-9a-f]{64} in place of sha256:/);
  at.east.files.delete(dataOf(at, config.digest));
  const { items, partial } = await readOf(at, "east");
  expect(partial).toEqual([[key, expect.stringMatching(/^blob sha256:/)]]);
  expect(items.some(([one]) => one === key)).toBe(false);
});

test("asks the region's registry for what its running pods name", async () => {
  await using at = await stage();
  const there = keyOf(at);
  const absent = `gameday/probe@sha256:${"0".repeat(64)}`;
  for (const [n, image] of [`registry.east.lab.example/${there}`, absent].entries()) {
    const { spec } = deploymentNamed("app", { image }).spec.template;
    at.cluster.verbs.create(pods, "default", {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `pod-${n}`, namespace: "default" },
      spec,
    });
  }
  await patiently(() => at.cluster.findPods({}).filter(({ status }) => status?.phase === "Running")).toHaveLength(2);
  await at.watching.takeStock?.("east");
  expect(at.ended("named").at(-1)).toMatchObject({
    type: "ok",
    value: {
      images: expect.arrayContaining([
        [`registry.east.lab.example/${there}`, 1, true],
        [absent, 1, false],
      ]),
    },
  });
});

test("says why no image is taken, and that it is certain when nobody listened", async () => {
  await using at = await stage();
  await at.east[Symbol.asyncDispose]();
  await patiently(() => at.watching.standing?.()).toBe("east takes no images: ECONNREFUSED");
  expect(at.ended("put").at(-1)).toMatchObject({ type: "fail", error: "ECONNREFUSED" });
});
