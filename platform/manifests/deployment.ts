import type { V1Deployment, V1EnvVar, V1Ingress, V1Namespace, V1Service } from "@kubernetes/client-node";
import { type Cluster, type Deployment, databaseUrl } from "../cluster.ts";
import { deploymentRecordName, deploymentRoleName, roleArn, schemaName } from "../names.ts";
import { schedulerName } from "../plugins/bin-pack-scheduler/plugin.ts";
import type { Site } from "./dr.ts";
import { deploymentLabel, labelsOf, roleAnnotation, roleGate, wantedReplicas } from "./labels.ts";

export interface DeploymentContext {
  readonly cluster: Cluster;
  readonly site: Site;
  readonly image: string;
  readonly hostedZone: string;
  readonly s3Endpoint?: string | undefined;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

export const airflowPort = 8080;
/** Its metrics are read where everything of it is. */
const scraped = { "prometheus.io/scrape": "true", "prometheus.io/port": String(airflowPort) };

/**
 * One Airflow deployment: everything but its pods also stands in a site that is not active, so that a failover creates no load balancer,
 * no route and no namespace, and only raises `replicas`.
 */
export function deploymentManifests(
  deployment: Deployment,
  context: DeploymentContext,
): [V1Namespace, V1Service, V1Ingress, V1Deployment] {
  const { cluster, site, image, hostedZone } = context;
  const { name } = deployment;
  const labels = { ...labelsOf(cluster.id, "airflow"), [deploymentLabel]: name };
  const selected = { [deploymentLabel]: name };
  const metadata = { name, namespace: name, labels };
  const replicas = site.replicas("where active");
  const role = roleArn(site.resources.databaseClusterArn, deploymentRoleName(cluster.id, site.region));
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: selected, ports: [{ name: "http", port: airflowPort, targetPort: airflowPort }] },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata,
      spec: { rules: [ruleFor(deploymentRecordName(name, hostedZone), name)] },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { ...metadata, annotations: { [wantedReplicas]: String(replicas) } },
      spec: {
        replicas,
        // Two schedulers of one deployment must not run side by side.
        strategy: { type: "Recreate" },
        selector: { matchLabels: selected },
        template: {
          metadata: { labels, annotations: { ...scraped, [roleAnnotation]: role } },
          spec: {
            schedulerName,
            readinessGates: [{ conditionType: roleGate }],
            containers: [
              {
                name: "airflow",
                image,
                ports: [{ name: "http", containerPort: airflowPort }],
                env: environment(deployment, context),
                resources: { requests: { cpu: "500m" } },
              },
            ],
          },
        },
      },
    },
  ];
}

const ruleFor = (host: string, service: string) => ({
  host,
  http: {
    paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: service, port: { number: airflowPort } } } }],
  },
});

function environment(
  deployment: Deployment,
  { cluster, site, s3Endpoint, credentials }: DeploymentContext,
): V1EnvVar[] {
  const { airflow, database } = cluster;
  const values: Record<string, string | number | undefined> = {
    DEPLOYMENT: deployment.name,
    CLUSTER_ID: site.telemetryId,
    DATABASE_URL: databaseUrl(database, site.resources),
    DATABASE_SCHEMA: schemaName(deployment.name),
    DATABASE_POOL_SIZE: airflow.databasePoolSize,
    API_TOKEN: airflow.token,
    AWS_REGION: site.region,
    LOG_BUCKET: site.resources.bucket,
    S3_ENDPOINT: s3Endpoint,
    AWS_ACCESS_KEY_ID: credentials?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials?.secretAccessKey,
    MAX_ACTIVE_TASKS: deployment.maxActiveTasks,
    MAX_TRIES: airflow.maxTries,
    TASK_DURATION_MIN_MS: airflow.taskDurationMinMs,
    TASK_DURATION_MAX_MS: airflow.taskDurationMaxMs,
    SEED: airflow.seed,
    SCHEDULER_EVERY_MS: airflow.schedulerEveryMs,
    HEARTBEAT_TIMEOUT_MS: airflow.heartbeatTimeoutMs,
    HEARTBEAT_CHECK_EVERY_MS: airflow.heartbeatCheckEveryMs,
  };
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: String(value) }],
  );
}
