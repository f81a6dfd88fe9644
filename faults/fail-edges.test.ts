import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { fisOf } from "../fixtures/lab/aws/fis/testing.ts";
import { iamHandlers } from "../fixtures/lab/aws/iam.ts";
import { noCheckers } from "../fixtures/lab/aws/route53/testing.ts";
import { route53Handlers } from "../fixtures/lab/aws/route53.ts";
import { testEndpoint } from "../fixtures/lab/aws/testing.ts";
import { createQueryLog } from "../fixtures/lab/dns/queries.ts";
import { startDns } from "../fixtures/lab/dns/server.ts";
import { createZones } from "../fixtures/lab/dns/zones.ts";
import { beforeCall } from "../fixtures/lab/edges/before-call.ts";
import { edgeFault } from "../fixtures/lab/edges/edge.ts";
import { createEdges } from "../fixtures/lab/edges/edges.ts";
import { behindEdge } from "../fixtures/lab/edges/listener.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { controlPlanesOut } from "./control-planes-out.ts";
import { FaultMissed } from "./experiment.ts";
import { failEdges } from "./fail-edges.ts";
import { grayRegion } from "./gray-region.ts";

const regions = { lost: "us-east-2", survivor: "us-west-2", controlPlanes: "us-east-1" };

/** The lab's own edges, each reachable as in a lab, and an FIS in the survivor that fails them, or does not. */
async function stage({ misses = false }: { misses?: boolean } = {}) {
  await using stack = new AsyncDisposableStack();
  let dnsIs: "empty" | undefined;
  const edges = createEdges({ random: () => 0.1 });
  const failed: string[] = [];
  const document = async ({ Edges: [list = ""] = [] }: Readonly<Record<string, readonly string[]>>) => {
    const faults = (JSON.parse(list) as unknown[]).map((one) => edgeFault.parse(one));
    failed.push(...faults.map(({ service, region, how }) => `${service} ${region} ${how}`));
    if (misses) return async () => undefined;
    const undos = faults.filter(({ service }) => service !== "dns").map((one) => edges.fail(one));
    if (faults.some(({ service }) => service === "dns")) dnsIs = "empty";
    return async () => {
      for (const undo of undos) undo();
      dnsIs = undefined;
    };
  };
  const backbone = { ...noCheckers, publishZone: async () => undefined };
  const global = stack.use(
    await testEndpoint(
      {
        route53: route53Handlers({ backbone, delays: { wait: async () => undefined } }),
        iam: iamHandlers({ accountId: "000000000000" }),
      },
      { region: regions.controlPlanes, before: beforeCall(edges) },
    ),
  );
  const quiet = {
    rds: { DescribeGlobalClusters: () => ({}) },
    s3: { ListBuckets: () => ({}) },
    sts: { GetCallerIdentity: () => ({}) },
  };
  const lost = stack.use(await testEndpoint(quiet, { region: regions.lost, before: beforeCall(edges) }));
  const survivor = stack.use(
    await testEndpoint({ fis: fisOf({ documents: { "Gameday-FailEdges": document } }) }, { region: regions.survivor }),
  );
  const open = async (service: "ingress" | "kubernetes"): Promise<number> => {
    const server = createServer(behindEdge(edges, service)((_request, response) => response.end("ok")));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    stack.defer(() => {
      server.closeAllConnections();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  };
  const [ingress, kubernetes] = [await open("ingress"), await open("kubernetes")];
  const zones = createZones(1, { meet: (zone) => (zone === "elb.example" ? dnsIs : undefined) });
  const record = (name: string, type: string, value: string) => ({ name, type, ttlSeconds: 1, values: [value] });
  zones.publish({
    name: "airflow.example",
    serial: 1,
    records: [record("ingress.airflow.example", "CNAME", "lb.elb.example")],
  });
  zones.publish({ name: "elb.example", serial: 1, records: [record("lb.elb.example", "A", "127.0.0.1")] });
  const dns = stack.use(await startDns({ host: "127.0.0.1", port: 0, zones, queries: createQueryLog() }));
  const urls: Record<string, string> = {
    [regions.lost]: lost.url,
    [regions.survivor]: survivor.url,
    [regions.controlPlanes]: global.url,
  };
  const rehearsal = rehearse({
    environment: {
      regions,
      aws: (region) => ({ ...survivor.client, region, endpoint: urls[region] ?? "" }),
      kubernetes: () => ({ server: `http://127.0.0.1:${kubernetes}`, token: "t" }),
      regionOf: () => regions.lost,
      dns: { address: "127.0.0.1", port: dns.port, dohUrl: "" },
      platform: {
        ...{ name: "test", deployments: [], port: ingress, token: "", warmStandby: [] },
        controlPlane: { url: "", token: "", clusterId: "" },
        ingressName: "ingress.airflow.example",
      },
    },
  });
  const owned = stack.move();
  return { ...rehearsal, edges, failed, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

it("the global control planes are seen to be out, and well again after the heal; no region counts as gone", async () => {
  await using at = await stage();
  const fault = await controlPlanesOut({ forAtMostMs: 60_000 }).start(at.run);
  expect(at.failed).toEqual(["route53 us-east-1 silent", "iam us-east-1 silent"]);
  const [inject] = at.ops.filter(({ f, type }) => f === "inject" && type === "invoke");
  expect(inject).toMatchObject({ process: "fault/control-planes-out" });
  expect(inject?.value).not.toHaveProperty("region");
  expect(inject?.value).toMatchObject({
    edges: [{ service: "route53", region: "us-east-1", how: "silent" }, { service: "iam" }],
  });
  expect(at.ended("confirm")[0]).toMatchObject({
    type: "ok",
    value: { how: expect.stringContaining("asked from outside") },
  });
  await fault[Symbol.asyncDispose]();
  expect(at.ended("heal")[0]).toMatchObject({ type: "ok" });
  expect(at.edges.meet({ service: "route53" })).toBeUndefined();
});

it("a gray region is seen to fail in each of its ways", async () => {
  await using at = await stage();
  const fault = await grayRegion({ forAtMostMs: 60_000 }).start(at.run);
  expect(at.failed).toContain("ingress us-east-2 unavailable");
  const [inject] = at.ops.filter(({ f, type }) => f === "inject" && type === "invoke");
  expect(inject?.value).toMatchObject({ region: "us-east-2", state: "gray" });
  expect(at.ended("confirm")[0]).toMatchObject({ type: "ok" });
  await fault[Symbol.asyncDispose]();
  expect(at.ended("heal")[0]).toMatchObject({ type: "ok" });
});

it("a fault that acts on nothing is missed, and undone", async () => {
  await using at = await stage({ misses: true });
  const edges = () => [{ service: "route53", region: "us-east-1", how: "silent" as const }];
  const fault = failEdges({ name: "one-edge", breaks: "one", edges, landsWithinMs: 300 });
  await expect(fault.start(at.run)).rejects.toBeInstanceOf(FaultMissed);
  expect(at.ended("confirm")[0]).toMatchObject({
    type: "fail",
    error: expect.stringContaining("goes on as before: route53 in us-east-1 silent"),
  });
  expect(at.ended("heal")[0]?.type).toBe("ok");
});

it("an edge that nobody can look at is refused before anything is failed", async () => {
  await using at = await stage();
  const edges = () => [{ service: "database", region: "us-east-2", how: "silent" as const }];
  await expect(failEdges({ name: "one", breaks: "one", edges }).start(at.run)).rejects.toThrow(
    "nobody can look at database here",
  );
  const way = () => [{ service: "dns", region: "us-west-2", how: "empty" as const }];
  await expect(failEdges({ name: "one", breaks: "one", edges: way }).start(at.run)).rejects.toThrow(
    /clients are led to us-east-2/,
  );
  expect(at.failed).toEqual([]);
});
