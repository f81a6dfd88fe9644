import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test, vi } from "vitest";
import { AwsError } from "../fixtures/lab/aws/error.ts";
import { testEndpoint } from "../fixtures/lab/aws/testing.ts";
import { movingName } from "../fixtures/lab/dns/testing.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { protection } from "./protection.ts";

// These start servers of their own, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });
const patiently = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 });

const healthOf = (worst: string) => ({
  worst,
  primary: { region: "east", state: "healthy", because: "as it should be" },
  secondary: { region: "west", state: worst, because: "no reconciler" },
});
const arn = (region: string) => `arn:aws:rds:${region}:000000000000:cluster:c1-${region}`;
const membersOf = (state: string) => [
  { DBClusterArn: arn("east"), IsWriter: true, SynchronizationStatus: "connected" },
  { DBClusterArn: arn("west"), IsWriter: false, SynchronizationStatus: state },
];

/** A control plane and the RDS of the serving region, each with a mind of its own. */
async function stage() {
  await using stack = new AsyncDisposableStack();
  const said = {
    cluster: {
      active_region: "east",
      protection: { state: "protected", because: "west can take over", sinceMs: 1 },
    } as object,
    health: healthOf("healthy"),
    members: membersOf("connected"),
    rds: true,
  };
  const controlPlane = createServer((request, response) => {
    const body = request.url?.endsWith("/health") ? said.health : said.cluster;
    response.writeHead(request.headers.authorization === "Bearer token" ? 200 : 401).end(JSON.stringify(body));
  });
  controlPlane.listen(0, "127.0.0.1");
  await once(controlPlane, "listening");
  stack.defer(() => void controlPlane.close());
  const endpoint = stack.use(
    await testEndpoint({
      rds: {
        async DescribeGlobalClusters() {
          if (!said.rds) throw new AwsError("InternalFailure", "not now", 500);
          return { GlobalClusters: [{ GlobalClusterMembers: said.members }] };
        },
        DescribeDBClusters: async () => ({ DBClusters: [{ DBClusterParameterGroup: "bounded" }] }),
        DescribeDBClusterParameters: async () => ({
          Parameters: [{ ParameterName: "rds.global_db_rpo", ParameterValue: "20" }],
        }),
      },
    }),
  );
  const name = stack.use(await movingName("ingress.airflow.example", "127.0.0.11"));
  const rehearsal = rehearse({
    environment: {
      dns: name.dns,
      regions: { lost: "east", survivor: "west", controlPlanes: "west" },
      regionOf: (address) => (address === "127.0.0.11" ? "east" : undefined),
      aws: () => endpoint.client,
      names: {
        globalCluster: "c1",
        databaseCluster: { east: "c1-east" },
        eksCluster: {},
        hostedZoneId: "",
        bucket: {},
        imageBucket: {},
      },
      platform: {
        name: "test",
        deployments: [],
        port: 0,
        token: "",
        controlPlane: {
          url: `http://127.0.0.1:${(controlPlane.address() as AddressInfo).port}`,
          token: "token",
          clusterId: "c1",
        },
        ingressName: "ingress.airflow.example",
        warmStandby: [],
      },
    },
    scenario: { timing: { ...rehearse().run.scenario.timing, probeEveryMs: 100, probeWithinMs: 5_000 } },
  });
  const watching = stack.use(await protection.start(rehearsal.run));
  const owned = stack.move();
  return {
    ...rehearsal,
    said,
    inTheWay: () => watching.protection?.() ?? "nothing",
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

test("nothing is in the way when the platform, its health and RDS all say so, and each sample tells what they said", async () => {
  await using at = await stage();
  expect(at.inTheWay()).toBe("nobody could say whether the platform is protected");
  await patiently(at.inTheWay).toBe("nothing");
  expect(at.ended("sample")[0]?.value).toEqual({
    active: "east",
    claim: { state: "protected", because: "west can take over" },
    health: { worst: "healthy", because: "east: as it should be" },
    witness: {
      region: "east",
      members: [
        { region: "east", writer: true, state: "connected" },
        { region: "west", writer: false, state: "connected" },
      ],
    },
    troubles: [],
  });
  expect(at.ended("bound")).toMatchObject([{ type: "ok", value: { seconds: 20 } }]);
});

test("any of the three is in the way alone", async () => {
  await using at = await stage();
  await patiently(at.inTheWay).toBe("nothing");
  at.said.members = membersOf("pending-resync");
  await patiently(at.inTheWay).toBe("RDS in east shows no connected secondary (east writes, west pending-resync)");
  at.said.health = healthOf("degraded");
  await patiently(at.inTheWay).toBe("its health is degraded: west: no reconciler");
  at.said.cluster = { protection: { state: "rebuilding", because: "west is being rebuilt" } };
  await patiently(at.inTheWay).toBe("the platform is rebuilding: west is being rebuilt");
});

test("a platform that makes no claim leaves it to the others, and what cannot be asked is not known", async () => {
  await using at = await stage();
  at.said.cluster = {};
  await patiently(() => at.ended("sample").at(-1)?.value).not.toHaveProperty("claim");
  await patiently(at.inTheWay).toBe("nothing");
  at.said.rds = false;
  await patiently(at.inTheWay).toMatch(/^its protection is not known: RDS: /);
});
