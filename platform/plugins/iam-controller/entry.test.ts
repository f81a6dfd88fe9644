import { expect, it } from "vitest";
import { startAwsEndpoint } from "../../../fixtures/lab/aws/server.ts";
import { stsHandlers } from "../../../fixtures/lab/aws/sts.ts";
import { configMaps, deployments, namespaces, nodeClaims, pods } from "../../../fixtures/lab/kubernetes/kinds.ts";
import { deploymentNamed, eventually, testCluster } from "../../../fixtures/lab/kubernetes/testing.ts";
import { deploymentLabel, roleAnnotation, roleGate } from "../../manifests/labels.ts";
import { pluginNamespace } from "../../manifests/plugin.ts";
import { anyPort, placeEnv } from "../../testing/region.ts";
import { start } from "./entry.ts";

const role = "arn:aws:iam::000000000000:role/c1-deployments-us-west-2";

/** A region with one deployment that needs the role, and an STS that knows what `known` holds. */
async function region(known: Set<string>, options: Parameters<typeof testCluster>[0] = {}) {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await testCluster(options));
  const keys = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
  const accounts = [{ accountId: "000000000000", ...keys }];
  const services = { sts: stsHandlers({ accounts, knowsRole: (arn) => known.has(arn) }) };
  const { url } = stack.use(
    await startAwsEndpoint({ region: "us-west-2", host: "127.0.0.1", port: 0, accounts, services }),
  );
  cluster.verbs.create(namespaces, undefined, { metadata: { name: pluginNamespace } });
  const body = deploymentNamed("dep-01");
  Object.assign(body.metadata, { labels: { [deploymentLabel]: "dep-01" } });
  Object.assign(body.spec.template.metadata, {
    labels: { app: "dep-01", [deploymentLabel]: "dep-01" },
    annotations: { [roleAnnotation]: role },
  });
  Object.assign(body.spec.template.spec, { readinessGates: [{ conditionType: roleGate }] });
  cluster.verbs.create(deployments, "default", body);
  const access = {
    AWS_ENDPOINT: url,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  };
  const plugin = await start({ ...anyPort, env: { ...placeEnv(cluster.url), ...access, CHECK_EVERY_MS: "50" } });
  stack.defer(() => plugin.stop());
  const owned = stack.move();
  const told = (ok: boolean) =>
    eventually(cluster, `the check to be ${ok}`, () => {
      const data = cluster.store.get(configMaps, pluginNamespace, "check-roles")?.data;
      return data?.["ok"] === String(ok) && data;
    });
  const condition = (type: string) => cluster.store.list(pods)[0]?.status?.conditions?.find((one) => one.type === type);
  return { cluster, told, condition, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

it("proves a role at the region's own STS and lets its pods be ready", async () => {
  await using running = await region(new Set([role]));
  expect(await running.told(true)).toMatchObject({ detail: "1 role can be assumed" });
  await eventually(running.cluster, "a ready pod", () => running.condition("Ready")?.status === "True");
});

it("keeps pods from being ready while their role is missing, says why on them, and lets them when it comes", async () => {
  const known = new Set<string>();
  await using running = await region(known);
  const { cluster, condition } = running;
  expect((await running.told(false))["detail"]).toMatch(
    /^role .*c1-deployments-us-west-2 cannot be assumed: AccessDenied: .* not authorized to perform: sts:AssumeRole/,
  );
  const gate = await eventually(cluster, "the reason on the pod", () => condition(roleGate));
  expect(gate).toMatchObject({ status: "False", reason: "RoleMissing", message: expect.stringContaining(role) });
  expect(condition("Ready")?.status).toBe("False");
  known.add(role);
  await running.told(true);
  await eventually(cluster, "a ready pod", () => condition("Ready")?.status === "True");
});

it("tells of a role that goes missing, and leaves the pods that had it alone", async () => {
  const known = new Set([role]);
  await using running = await region(known);
  await eventually(running.cluster, "a ready pod", () => running.condition("Ready")?.status === "True");
  known.clear();
  await running.told(false);
  expect(running.condition(roleGate)?.status).toBe("True");
});

it("writes nothing on a pod that waits for a node, and opens its gate when it has one", async () => {
  const nodeCapacity = { cpu: "4", memory: "16Gi", maxNodes: 1, initialNodes: 0 };
  await using running = await region(new Set([role]), { nodeCapacity });
  const { cluster, condition } = running;
  const changes: string[] = [];
  cluster.store.observe(pods, ({ object }) => {
    const has = object.status?.conditions?.some(({ type }) => type === roleGate) === true;
    if (has) changes.push(object.spec.nodeName ?? "no node");
  });
  await running.told(true);
  // Two more rounds of proofs.
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect([cluster.store.list(pods).length, condition(roleGate)]).toEqual([1, undefined]);
  cluster.verbs.create(nodeClaims, undefined, { metadata: { name: "default-1" } });
  await eventually(cluster, "a ready pod", () => condition("Ready")?.status === "True");
  expect(changes).not.toContain("no node");
});
