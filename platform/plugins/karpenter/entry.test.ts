import { expect, it } from "vitest";
import { deployments, nodeClaims, nodes, pods } from "../../../fixtures/lab/kubernetes/kinds.ts";
import { deploymentNamed, eventually, testCluster } from "../../../fixtures/lab/kubernetes/testing.ts";
import { start } from "./entry.ts";

async function clusterWithKarpenter(maxNodes: number) {
  await using stack = new AsyncDisposableStack();
  const nodeCapacity = { cpu: "4", memory: "16Gi", maxNodes, initialNodes: 1 };
  const cluster = stack.use(await testCluster({ nodeCapacity }));
  const env = { CLUSTER: "c1", REGION: "us-east-2", KUBERNETES_API: cluster.url, KUBERNETES_TOKEN: "secret" };
  const running = await start({ env: { ...env, NODE_CPU: "4", NODE_MEMORY: "16Gi" } });
  stack.defer(() => running.stop());
  const owned = stack.move();
  const create = (name: string, replicas: number, cpu: string) =>
    cluster.verbs.create(deployments, "default", deploymentNamed(name, { replicas, cpu }));
  const allPlaced = (count: number) =>
    eventually(cluster, `${count} pods on nodes`, () => {
      const found = cluster.store.list(pods);
      return found.length === count && found.every(({ spec }) => spec.nodeName !== undefined);
    });
  return { cluster, create, allPlaced, running, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
const count = ({ cluster }: Awaited<ReturnType<typeof clusterWithKarpenter>>) => ({
  nodes: cluster.store.list(nodes).length,
  claims: cluster.store.list(nodeClaims).length,
});

it("claims as many nodes as the waiting pods fill, and no more", async () => {
  await using region = await clusterWithKarpenter(10);
  region.create("dep", 12, "1");
  await region.allPlaced(12);
  expect(count(region)).toEqual({ nodes: 3, claims: 2 });
  expect(region.running.ready()).toBe(true);
});

it("claims nothing for a pod that no node could hold", async () => {
  await using region = await clusterWithKarpenter(10);
  region.create("giant", 1, "5");
  region.create("dep", 2, "3");
  await eventually(region.cluster, "the others placed", () => {
    const found = region.cluster.findPods({ labelSelector: "app=dep" });
    return found.length === 2 && found.every(({ spec }) => spec.nodeName !== undefined);
  });
  expect(count(region)).toEqual({ nodes: 2, claims: 1 });
});

it("leaves a claim beyond the capacity standing, and takes it back when nobody needs it any more", async () => {
  await using region = await clusterWithKarpenter(2);
  const { cluster } = region;
  region.create("big", 3, "3");
  const short = await eventually(cluster, "a claim beyond the capacity", () =>
    cluster.store
      .list(nodeClaims)
      .find(({ status }) => status?.conditions?.some(({ reason }) => reason === "InsufficientCapacityError")),
  );
  expect(count(region)).toEqual({ nodes: 2, claims: 2 });
  cluster.verbs.remove({ kind: deployments, namespace: "default", name: "big" });
  await eventually(cluster, "the claim gone", () => cluster.store.byUid(short.metadata.uid) === undefined);
  expect(count(region)).toEqual({ nodes: 2, claims: 1 });
});
