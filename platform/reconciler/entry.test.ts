import type { KubernetesObject } from "@kubernetes/client-node";
import { expect, it } from "vitest";
import { openGates, testCluster } from "../../fixtures/lab/kubernetes/testing.ts";
import type { Cluster } from "../cluster.ts";
import { pluginNamespace } from "../manifests/plugin.ts";
import { renderManifest } from "../manifests/render.ts";
import { start as startScheduler } from "../plugins/bin-pack-scheduler/entry.ts";
import { acme, renderOptions } from "../testing/cluster.ts";
import { stubControlPlane } from "../testing/control-plane.ts";
import { start } from "./entry.ts";

const failedOver: Cluster = { ...acme, is_failed_over: true, active_region: "us-west-2" };

function manifestOf(cluster: Cluster, names: readonly string[]): KubernetesObject[] {
  const deployments = names.map((name) => ({ name, maxActiveTasks: 15 }));
  const { objects } = JSON.parse(renderManifest(cluster, deployments, "dr", renderOptions)?.body ?? "{}");
  return objects.filter(({ metadata }: KubernetesObject) => metadata?.namespace !== pluginNamespace);
}

/** A reconciler of the second region against a whole cluster in this process. */
async function standby() {
  await using stack = new AsyncDisposableStack();
  const controlPlane = stack.use(await stubControlPlane());
  const kubernetes = stack.use(await testCluster());
  const env = {
    CLUSTER: "acme",
    REGION: "us-west-2",
    CONTROL_PLANE_URL: controlPlane.url,
    CONTROL_PLANE_TOKEN: "token",
    KUBERNETES_API: kubernetes.url,
    KUBERNETES_TOKEN: "secret",
    REPORT_EVERY_MS: "200",
  };
  openGates(kubernetes);
  const scheduler = await startScheduler({ env });
  stack.defer(() => scheduler.stop());
  const reconciler = () => start({ env });
  const running = await reconciler();
  stack.defer(() => running.stop());
  const owned = stack.move();
  return { controlPlane, kubernetes, running, reconciler, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const pods = (kubernetes: Awaited<ReturnType<typeof testCluster>>) =>
  kubernetes.findPods({}).map(({ metadata }) => metadata.namespace);

it("holds a standby without pods, and inflates it when the manifest says so", async () => {
  await using region = await standby();
  const { controlPlane, kubernetes } = region;
  const resting = controlPlane.publish(manifestOf(acme, ["dep-01", "dep-02"]));
  const rest = await controlPlane.reported(({ applied }) => applied === resting);
  expect(rest).toMatchObject({ region: "us-west-2", problems: [] });
  await controlPlane.reported(({ deployments }) => deployments.length === 2 && deployments.every(({ ready }) => ready));
  expect(pods(kubernetes)).toEqual([]);
  expect(region.running.ready()).toBe(true);

  const inflated = controlPlane.publish(manifestOf(failedOver, ["dep-01", "dep-02"]));
  await controlPlane.reported(
    ({ applied, deployments }) => applied === inflated && deployments.every(({ ready }) => ready),
  );
  expect(pods(kubernetes).toSorted()).toEqual(["dep-01", "dep-02"]);
});

it("says that a deployment is not ready until its pods are", async () => {
  await using region = await standby();
  const tag = region.controlPlane.publish(manifestOf(failedOver, ["dep-01"]));
  const first = await region.controlPlane.reported(({ applied }) => applied === tag);
  const last = await region.controlPlane.reported(({ deployments }) => deployments.every(({ ready }) => ready));
  expect(first.deployments).toHaveLength(1);
  expect(last.deployments).toEqual([{ name: "dep-01", ready: true }]);
});

it("removes what is named no more, also after it was started anew", async () => {
  await using region = await standby();
  const { controlPlane, kubernetes } = region;
  const both = controlPlane.publish(manifestOf(failedOver, ["dep-01", "dep-02"]));
  await controlPlane.reported(({ applied }) => applied === both);
  const gone = controlPlane.reported(({ applied }) => applied === '"2"');
  controlPlane.publish(manifestOf(failedOver, ["dep-01"]));
  await gone;
  const namespaces = async () => {
    const reply = await fetch(`${kubernetes.url}/api/v1/namespaces`, { headers: { authorization: "Bearer secret" } });
    const { items } = (await reply.json()) as { items: { metadata: { name: string; deletionTimestamp?: string } }[] };
    return items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name);
  };
  expect(await namespaces()).toContain("dep-01");
  expect(await namespaces()).not.toContain("dep-02");

  await region.running.stop();
  const emptied = controlPlane.publish([]);
  const again = await region.reconciler();
  await controlPlane.reported(({ applied }) => applied === emptied);
  await again.stop();
  expect(await namespaces()).not.toContain("dep-01");
});

it("tells what the API refuses, and goes on when the cause is gone", async () => {
  await using region = await standby();
  const [namespace, service, ingress, deployment] = manifestOf(failedOver, ["dep-01"]);
  const broken = { ...deployment, spec: {} } as KubernetesObject;
  region.controlPlane.publish([namespace, service, ingress, broken] as KubernetesObject[]);
  const refused = await region.controlPlane.reported(({ problems }) => problems.length > 0);
  expect(refused.problems[0]).toMatch(/1 of 3 objects failed/);
  const mended = region.controlPlane.publish(manifestOf(failedOver, ["dep-01"]));
  expect(await region.controlPlane.reported(({ applied }) => applied === mended)).toMatchObject({ problems: [] });
});
