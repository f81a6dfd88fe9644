import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { deployments, nodeClaims, nodes, pods } from "../../../fixtures/lab/kubernetes/kinds.ts";
import type { Kubernetes } from "../../../fixtures/lab/kubernetes/start.ts";
import { deploymentNamed, eventually, testCluster } from "../../../fixtures/lab/kubernetes/testing.ts";
import { start } from "./entry.ts";

async function clusterWithScheduler(
  options: Parameters<typeof testCluster>[0] = {},
  onTheWay: (cluster: Kubernetes) => Promise<AsyncDisposable & { readonly url: string }> = async ({ url }) => ({
    url,
    [Symbol.asyncDispose]: async () => undefined,
  }),
) {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await testCluster(options));
  const { url } = stack.use(await onTheWay(cluster));
  const env = { CLUSTER: "c1", REGION: "us-east-2", KUBERNETES_API: url, KUBERNETES_TOKEN: "secret" };
  const scheduler = await start({ env });
  stack.defer(() => scheduler.stop());
  const owned = stack.move();
  return { cluster, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
/** A call by its method and the end of its path; undefined lets it through. */
type Obstacle = (call: string) => Promise<"refused" | undefined> | undefined;
/** Stands before the API, and holds calls back, or refuses them. */
const behind = (obstacle: Obstacle) => async (cluster: Kubernetes) => {
  const server = createServer(async (asked, reply) => {
    const { method = "", url = "", headers } = asked;
    const outcome = await obstacle(`${method} ${url.split("/").slice(-2).join("/").replace(/\?.*/, "")}`);
    if (outcome === "refused") return void reply.writeHead(503).end();
    const onward = request(cluster.url + url, { method, headers }, (answer) => {
      reply.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(reply);
    });
    onward.on("error", () => reply.destroy());
    reply.on("close", () => onward.destroy());
    asked.pipe(onward);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
function create({ verbs }: Kubernetes, name: string, { replicas = 1, cpu = "1" } = {}) {
  const body = deploymentNamed(name, { replicas, cpu });
  Object.assign(body.spec.template.spec, { schedulerName: "bin-pack" });
  verbs.create(deployments, "default", body);
}
const nodesOf = (cluster: Kubernetes, name: string) =>
  cluster.findPods({ labelSelector: `app=${name}` }).map(({ spec }) => spec.nodeName);
const placed = (cluster: Kubernetes, name: string, count = 1) =>
  eventually(cluster, `${name} has its nodes`, () => {
    const found = nodesOf(cluster, name);
    return found.length === count && found.every((node) => node !== undefined) && found;
  });

it("fills one node before it begins another", async () => {
  await using running = await clusterWithScheduler({
    nodeCapacity: { cpu: "4", memory: "16Gi", maxNodes: 2, initialNodes: 2 },
  });
  const { cluster } = running;
  create(cluster, "first");
  const [home] = await placed(cluster, "first");
  create(cluster, "more", { replicas: 3 });
  expect(await placed(cluster, "more", 3)).toEqual([home, home, home]);
  create(cluster, "last");
  const [elsewhere] = await placed(cluster, "last");
  expect(elsewhere).not.toBe(home);
});

it("says first what needs a node that is not there: that takes longest", async () => {
  await using cluster = await testCluster({ nodeCapacity: { cpu: "4", memory: "16Gi", maxNodes: 1, initialNodes: 1 } });
  create(cluster, "a-small-one");
  create(cluster, "big", { replicas: 40, cpu: "5" });
  await eventually(cluster, "all pods", () => cluster.store.list(pods).length === 41);
  let refused = 0;
  const refusedBefore = new Promise<number>((resolve) => {
    cluster.store.observe(pods, ({ object: { spec, status } }) => {
      if (spec.nodeName !== undefined) resolve(refused);
      else if (status?.conditions?.some(({ reason }) => reason === "Unschedulable") === true) refused += 1;
    });
  });
  const env = { CLUSTER: "c1", REGION: "us-east-2", KUBERNETES_API: cluster.url, KUBERNETES_TOKEN: "secret" };
  const scheduler = await start({ env });
  // Sixteen calls at once: the last sixteen refusals may still be under way.
  expect(await refusedBefore.finally(() => scheduler.stop())).toBeGreaterThanOrEqual(20);
});

it("says on a pod that no node has room for it, and binds it when one comes", async () => {
  await using running = await clusterWithScheduler();
  const { cluster } = running;
  create(cluster, "big", { replicas: 2, cpu: "3" });
  const waiting = await eventually(cluster, "an unschedulable pod", () =>
    cluster.store
      .list(pods)
      .map(({ status }) => status?.conditions?.find(({ type }) => type === "PodScheduled"))
      .find((condition) => condition?.reason === "Unschedulable"),
  );
  expect(waiting).toMatchObject({ status: "False", message: "no node has room for it: Insufficient cpu" });
  cluster.verbs.create(nodeClaims, undefined, { metadata: { name: "default-1" } });
  const [one, other] = await placed(cluster, "big", 2);
  expect(one).not.toBe(other);
  const bound = cluster.store.list(pods).flatMap(({ status }) => status?.conditions ?? []);
  expect(bound.filter(({ type, status }) => type === "PodScheduled" && status === "True")).toHaveLength(2);
});

it("never gives the same room twice, however many pods come at once", async () => {
  await using running = await clusterWithScheduler({
    nodeCapacity: { cpu: "4", memory: "16Gi", maxNodes: 5, initialNodes: 5 },
  });
  const { cluster } = running;
  for (let number = 0; number < 20; number++) create(cluster, `dep-${number}`);
  await eventually(cluster, "all placed", () => {
    const found = cluster.store.list(pods);
    return found.length === 20 && found.every(({ spec }) => spec.nodeName !== undefined);
  });
  const perNode = Map.groupBy(cluster.store.list(pods), ({ spec }) => spec.nodeName);
  expect([...perNode.values()].map((each) => each.length)).toEqual([4, 4, 4, 4, 4]);
});

it("places pods while bindings are still being written", async () => {
  const firstIsHeld = Promise.withResolvers<void>();
  const release = Promise.withResolvers<undefined>();
  const api = behind((call) => {
    if (!/^POST first-.*\/binding$/.test(call)) return undefined;
    firstIsHeld.resolve();
    return release.promise;
  });
  await using running = await clusterWithScheduler({}, api);
  const { cluster } = running;
  create(cluster, "first");
  await firstIsHeld.promise;
  create(cluster, "second");
  const [home] = await placed(cluster, "second");
  expect(nodesOf(cluster, "first")).toEqual([undefined]);
  release.resolve(undefined);
  expect(await placed(cluster, "first")).toEqual([home]);
});

it("writes a binding again that was not taken", async () => {
  const calls: string[] = [];
  const api = behind((call) => {
    if (!call.endsWith("/binding")) return undefined;
    calls.push(call);
    return Promise.resolve(calls.length < 3 ? "refused" : undefined);
  });
  await using running = await clusterWithScheduler({}, api);
  create(running.cluster, "first");
  await placed(running.cluster, "first");
  expect(calls).toHaveLength(3);
});

it("binds no pod of which it is still being said that it fits nowhere", async () => {
  const patchIsHeld = Promise.withResolvers<void>();
  const release = Promise.withResolvers<undefined>();
  const calls: string[] = [];
  const api = behind((call) => {
    if (!/^(POST|PATCH) big/.test(call)) return undefined;
    calls.push(call.replace(/.*\//, ""));
    patchIsHeld.resolve();
    return call.startsWith("PATCH") ? release.promise : undefined;
  });
  await using running = await clusterWithScheduler({}, api);
  const { cluster } = running;
  create(cluster, "other", { cpu: "3" });
  await placed(cluster, "other");
  create(cluster, "big", { cpu: "3" });
  await patchIsHeld.promise;
  cluster.verbs.create(nodeClaims, undefined, { metadata: { name: "default-1" } });
  await eventually(cluster, "a second node", () => cluster.store.list(nodes).length === 2);
  // The watch shows what comes after the node only after the node.
  create(cluster, "small");
  await placed(cluster, "small");
  expect(calls).toEqual(["status"]);
  release.resolve(undefined);
  await placed(cluster, "big");
  expect(calls).toEqual(["status", "binding"]);
});
