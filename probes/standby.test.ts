import { expect, test, vi } from "vitest";
import { movingName } from "../fixtures/lab/dns/testing.ts";
import { deployments, pods } from "../fixtures/lab/kubernetes/kinds.ts";
import { deploymentNamed, testCluster } from "../fixtures/lab/kubernetes/testing.ts";
import { type Rehearsal, rehearse } from "../harness/rehearsal.ts";
import { standby } from "./standby.ts";

// These start servers of their own, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });
const patiently = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 });

const addressOf: Readonly<Record<string, string>> = { east: "127.0.0.11", west: "127.0.0.12" };

/** Two clusters of which the name points to the first. */
async function stage() {
  await using stack = new AsyncDisposableStack();
  const [east, west] = [stack.use(await testCluster()), stack.use(await testCluster({ region: "us-west-2" }))];
  const name = stack.use(await movingName("ingress.airflow.example", addressOf["east"] ?? ""));
  const rehearsal = rehearse({
    environment: {
      dns: name.dns,
      regions: { lost: "east", survivor: "west", controlPlanes: "west" },
      regionOf: (address) => Object.keys(addressOf).find((region) => addressOf[region] === address),
      kubernetes: (region) => ({ server: (region === "east" ? east : west).url, token: "secret" }),
      platform: {
        name: "test",
        deployments: [],
        port: 0,
        token: "",
        controlPlane: { url: "", token: "", clusterId: "" },
        ingressName: "ingress.airflow.example",
        warmStandby: ["reconciler"],
      },
    },
    scenario: { timing: { ...rehearse().run.scenario.timing, probeEveryMs: 100, probeWithinMs: 5_000 } },
  });
  const owned = stack.move();
  return { ...rehearsal, east, west, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const lonePod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "lonely", namespace: "default" },
  spec: deploymentNamed("lonely").spec.template.spec,
};
/** What was seen last of each region. */
function lastSeen(ops: Rehearsal["ops"], region: string): unknown {
  const mine = ops.flatMap((op) => (op.type === "invoke" && regionOf(op.value) === region ? [op.index] : []));
  return ops.findLast((op) => op.type !== "invoke" && mine.includes(op.invoke));
}
const regionOf = (value: unknown): string => (value as { region: string }).region;

test("tells what is to run in each region and how much of it is ready, what belongs to nothing, and which region serves", async () => {
  await using at = await stage();
  for (const body of [deploymentNamed("reconciler"), deploymentNamed("dep-01", { replicas: 0 })])
    at.west.verbs.create(deployments, "default", body);
  at.west.verbs.create(pods, "default", lonePod);
  at.east.verbs.create(deployments, "default", deploymentNamed("dep-01", { replicas: 2 }));
  await using _watching = await standby.start(at.run);
  await patiently(() => lastSeen(at.ops, "west")).toMatchObject({
    type: "ok",
    value: { serving: "east", runs: [["reconciler", 1, 1]], strays: ["lonely"] },
  });
  await patiently(() => lastSeen(at.ops, "east")).toMatchObject({
    type: "ok",
    value: { serving: "east", runs: [["dep-01", 2, 2]], strays: [] },
  });
  expect(at.ops[0]).toMatchObject({ process: "probe/standby", f: "look", value: { expected: ["reconciler"] } });
});

test("a region that is gone gives a sample without an answer", async () => {
  await using at = await stage();
  await at.west[Symbol.asyncDispose]();
  await using _watching = await standby.start(at.run);
  await patiently(() => lastSeen(at.ops, "west")).toMatchObject({ type: "fail" });
  await patiently(() => lastSeen(at.ops, "east")).toMatchObject({ type: "ok" });
});
