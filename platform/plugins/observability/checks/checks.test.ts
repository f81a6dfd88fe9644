import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { RDSClient } from "@aws-sdk/client-rds";
import type { KubernetesObject, V1Deployment, V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cloudWatchHandlers } from "../../../../fixtures/lab/aws/cloudwatch.ts";
import { Metrics } from "../../../../fixtures/lab/aws/cloudwatch-metrics.ts";
import { startAwsEndpoint } from "../../../../fixtures/lab/aws/server.ts";
import type { Call } from "../../../../fixtures/lab/types.ts";
import type { Watched } from "../../../kubernetes/watch.ts";
import { pluginLabel, wantedReplicas } from "../../../manifests/labels.ts";
import type { NodeClaim, NodePool } from "../region.ts";
import { checkCapacity } from "./capacity.ts";
import { imagesCheck } from "./images.ts";
import { checkPlugins } from "./plugins.ts";
import { checkDatabase, checkObjects } from "./replication.ts";

const watched = <T extends KubernetesObject>(...items: T[]): Watched<T> => ({
  list: () => items,
  get: (name) => items.find(({ metadata }) => metadata?.name === name),
  synced: () => true,
});
interface Given {
  readonly replicas?: number;
  readonly wanted?: number;
  readonly ready?: number;
  readonly cpu?: string;
  readonly image?: string;
}
function deployment(name: string, given: Given = {}): V1Deployment {
  const { replicas = 1, cpu = "50m", image = "i" } = given;
  const { wanted = replicas, ready = replicas } = given;
  const labels = { [pluginLabel]: name };
  return {
    metadata: { name, labels, annotations: { [wantedReplicas]: String(wanted) } },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { spec: { containers: [{ name, image, resources: { requests: { cpu } } }] } },
    },
    status: { replicas, readyReplicas: ready },
  };
}
const waiting = (plugin: string, message: string): V1Pod => ({
  metadata: { name: `${plugin}-1`, labels: { [pluginLabel]: plugin } },
  status: {
    containerStatuses: [
      {
        name: plugin,
        image: "i",
        imageID: "",
        ready: false,
        restartCount: 0,
        state: { waiting: { reason: "ErrImagePull", message } },
      },
    ],
  },
});

describe("the check of plugins", () => {
  it("is passed when all are there and ready, also one that has no pod here", () => {
    const deployments = watched(deployment("karpenter"), deployment("airflow-controller", { replicas: 0 }));
    expect(checkPlugins({ deployments, pods: watched() }, ["karpenter", "airflow-controller"]).ok).toBe(true);
  });

  it("names what is missing, what is not ready and why, and what has other replicas than its manifest says", () => {
    const deployments = watched(deployment("egress", { ready: 0 }), deployment("dep-01", { replicas: 1, wanted: 0 }));
    const pods = watched(waiting("egress", "no such image"));
    expect(checkPlugins({ deployments, pods }, ["karpenter", "egress"])).toEqual({
      name: "plugins",
      ok: false,
      detail:
        "dep-01 has 1 replicas where its manifest says 0; karpenter is missing; egress is not ready: no such image",
    });
  });
});

describe("the check of capacity", () => {
  const node = { cpu: "4", memory: "16Gi" };
  const pool = (nodes: number): NodePool => ({ metadata: { name: "default" }, spec: { limits: { nodes } } });
  // Eight deployments of one core need two nodes, running here or not.
  const deployments = watched(
    ...Array.from({ length: 8 }, (_, n) => deployment(`dep-${n}`, { replicas: 0, cpu: "1" })),
  );

  it("is passed when all deployments would find their nodes, running or not", () => {
    const claims = watched<NodeClaim>();
    expect(checkCapacity({ deployments, claims, pools: watched(pool(2)) }, node).ok).toBe(true);
    const short = checkCapacity({ deployments, claims, pools: watched(pool(1)) }, node);
    expect(short).toEqual({
      name: "capacity",
      ok: false,
      detail: "all deployments of the cluster need 2 nodes, and this region gives 1",
    });
  });

  it("fails while a node is asked for in vain", () => {
    const claim: NodeClaim = {
      status: { conditions: [{ reason: "InsufficientCapacityError", message: "none left" }] },
    };
    const check = checkCapacity({ deployments, claims: watched(claim), pools: watched(pool(9)) }, node);
    expect(check).toMatchObject({ ok: false, detail: "asked for in vain: 1 node: none left" });
  });
});

describe("the check of images", () => {
  it("asks the region's registry for each digest, of what does not run too", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(request.url?.includes("airflow") ? 404 : 200).end();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const settings = {
      REGISTRY_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      CALL_WITHIN_MS: 1_000,
    };
    const digest = `sha256:${"a".repeat(64)}`;
    const here = deployment("egress", { image: `r.example/egress@${digest}` });
    const later = deployment("dep-01", { replicas: 0, image: `r.example/airflow@${digest}` });
    try {
      expect((await imagesCheck({ deployments: watched(here) }, settings)()).ok).toBe(true);
      expect(await imagesCheck({ deployments: watched(here, later) }, settings)()).toEqual({
        name: "images",
        ok: false,
        detail: "r.example answers 404 for airflow@sha256:aaaaaaaaaaaa",
      });
      expect(asked).toContain(`HEAD /v2/airflow/manifests/${digest}`);
    } finally {
      server.close();
    }
  });
});

describe("the checks of replication", () => {
  const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
  const open = new AsyncDisposableStack();
  let metrics = new Metrics();
  let members: { DBClusterArn: string; IsWriter: boolean; SynchronizationStatus?: string }[] = [];
  let cloudWatch: CloudWatchClient;
  let rds: RDSClient;
  beforeAll(async () => {
    const monitoring = (operation: "ListMetrics" | "GetMetricData") => (input: unknown, call: Call) =>
      cloudWatchHandlers(metrics)[operation]?.(input, call);
    const endpoint = open.use(
      await startAwsEndpoint({
        region: "us-west-2",
        host: "127.0.0.1",
        port: 0,
        accounts: [{ accountId: "000000000000", ...credentials }],
        services: {
          monitoring: { ListMetrics: monitoring("ListMetrics"), GetMetricData: monitoring("GetMetricData") },
          rds: { DescribeGlobalClusters: () => ({ GlobalClusters: [{ GlobalClusterMembers: members }] }) },
        },
      }),
    );
    const options = { region: "us-west-2", endpoint: endpoint.url, credentials };
    cloudWatch = new CloudWatchClient(options);
    rds = new RDSClient(options);
  });
  beforeEach(() => {
    metrics = new Metrics();
    members = [
      { DBClusterArn: "arn:aws:rds:us-east-2:000000000000:cluster:c1-us-east-2", IsWriter: true },
      { DBClusterArn: "arn:aws:rds:us-west-2:000000000000:cluster:c1-us-west-2", IsWriter: false },
    ];
  });
  afterAll(() => open.disposeAsync());
  const place = { globalCluster: "c1-global", databaseCluster: "c1-us-west-2" };
  const database = () => checkDatabase({ rds, cloudWatch }, place, 10_000);
  const put = (namespace: string, name: string, dimension: string, value: string, figure: number) =>
    metrics.put({ namespace, name, dimensions: [{ Name: dimension, Value: value }] }, Date.now() - 1_000, figure);
  const lag = (figure: number) => put("AWS/RDS", "AuroraGlobalDBRPOLag", "DBClusterIdentifier", "c1-us-west-2", figure);
  const latency = (figure: number) => put("AWS/S3", "ReplicationLatency", "SourceBucket", "c1-logs-us-east-2", figure);

  it("of the database, look at the lag of the copy here", async () => {
    lag(120);
    expect(await database()).toMatchObject({ ok: true, detail: "the copy here is 120 ms behind" });
    metrics = new Metrics();
    lag(12_000);
    expect(await database()).toMatchObject({ ok: false, detail: "the copy here is 12000 ms behind, limit 10000 ms" });
  });

  it("of the database, fail when the copy tells nothing, as while it is rebuilt", async () => {
    expect(await database()).toMatchObject({ ok: false, detail: expect.stringContaining("has told no lag") });
  });

  it("of the database, have nothing to say against the writer's own region", async () => {
    members = members.map((one) => ({ ...one, IsWriter: !one.IsWriter }));
    expect(await database()).toEqual({ name: "replication-database", ok: true, detail: "the writer is here" });
  });

  it("of objects, look at the age of the oldest on its way", async () => {
    expect((await checkObjects(cloudWatch, 10_000)).ok).toBe(true);
    latency(2);
    expect((await checkObjects(cloudWatch, 10_000)).ok).toBe(true);
    metrics = new Metrics();
    latency(42);
    expect(await checkObjects(cloudWatch, 10_000)).toMatchObject({
      ok: false,
      detail: "the oldest object that is on its way is 42000 ms old, limit 10000 ms, from c1-logs-us-east-2",
    });
  });
});
