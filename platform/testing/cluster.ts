import type { Cluster, RegionResources } from "../cluster.ts";
import { plugins } from "../plugins/index.ts";

const place = (region: string, telemetryId: string): RegionResources => ({
  telemetryId,
  databaseCluster: `acme-${region}`,
  databaseClusterArn: `arn:aws:rds:${region}:000000000000:cluster:acme-${region}`,
  databaseHost: `acme.${region}.rds.example`,
  databasePort: 5432,
  stack: "acme-database",
  bucket: `acme-logs-${region}`,
  imageBucket: `acme-images-${region}`,
  proxyBucket: `acme-proxy-${region}`,
  registry: `registry.${region}.example`,
  loadBalancer: `ingress.${region}.elb.example`,
  eksCluster: `acme-${region}`,
});

/** A cluster with DR, as provisioning leaves it. */
export const acme: Cluster = {
  id: "acme",
  name: "acme",
  region: "us-east-2",
  dr_region: "us-west-2",
  is_failed_over: false,
  active_region: "us-east-2",
  loss_bound: "enforced",
  dns_strategy: "move-record",
  standby_compute: "headless",
  abandoned_regions: [],
  state: "active",
  created_at: "2026-01-01T00:00:00.000Z",
  network: { cidr: "10.0.0.0/16", dr_cidr: "10.1.0.0/16" },
  database: { user: "airflow", password: "secret/word", name: "airflow" },
  airflow: {
    token: "token",
    seed: "seed",
    schedulerEveryMs: 1_000,
    heartbeatTimeoutMs: 300_000,
    heartbeatCheckEveryMs: 10_000,
    taskDurationMinMs: 1_000,
    taskDurationMaxMs: 2_000,
    maxTries: 3,
    databasePoolSize: 8,
  },
  resources: {
    globalCluster: "acme-global",
    hostedZoneId: "Z1",
    ingressName: "ingress.acme.airflow.example",
    dnsSwitch: null,
    regions: { "us-east-2": place("us-east-2", "acme"), "us-west-2": place("us-west-2", "acme-dr") },
  },
};

/** How manifests of this cluster are made. */
export const renderOptions = {
  images: Object.fromEntries(
    ["airflow-runtime", ...plugins.map(({ name }) => name)].map((name) => [name, `${name}@sha256:0`]),
  ),
  hostedZone: "airflow.example",
  s3Endpoint: () => undefined,
  node: { cpu: "16", memory: "64Gi" },
  health: { checkEveryMs: 3_000, objectsBehindMs: 300_000, databaseBehindMs: 10_000 },
};
