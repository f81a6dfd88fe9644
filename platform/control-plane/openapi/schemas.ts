import { z } from "@hono/zod-openapi";
import { checkNames } from "../../health/check.ts";
import { dnsStrategy, standbyCompute } from "../requests.ts";

/** What the API's answers look like. Strict, so that a test sees an answer that says more than the document. */

const wallMs = z.number().meta({ description: "Wall time, ms since 1970.", example: 1_767_225_600_000 });

const regionResources = z
  .strictObject({
    databaseCluster: z.string(),
    databaseClusterArn: z.string(),
    databaseHost: z.string(),
    databasePort: z.int(),
    stack: z.string(),
    bucket: z.string(),
    loadBalancer: z.string(),
    eksCluster: z.string(),
    imageBucket: z.string(),
    proxyBucket: z.string(),
    registry: z.string(),
    telemetryId: z.string().meta({ description: "The cluster's id as metrics and logs of this region carry it." }),
  })
  .openapi("RegionResources");

export const clusterShown = z
  .strictObject({
    id: z.string().meta({ example: "acme" }),
    name: z.string().meta({ example: "acme" }),
    region: z.string().meta({ description: "The primary region.", example: "us-east-2" }),
    dr_region: z.string().nullable().meta({ description: "The secondary region.", example: "us-west-2" }),
    is_failed_over: z.boolean().meta({ description: "Whether the cluster was asked into its secondary region." }),
    active_region: z.string().meta({ description: "Where the deployments run now.", example: "us-east-2" }),
    loss_bound: z.enum(["enforced", "suspended"]),
    dns_strategy: dnsStrategy.meta({ description: "How users are led to the other region." }),
    standby_compute: standbyCompute.meta({ description: "Whether the database that stands by has compute." }),
    abandoned_regions: z
      .array(z.string())
      .readonly()
      .meta({ description: "Regions that it lived in and that were given up." }),
    state: z.enum(["creating", "active", "failed"]),
    created_at: z.iso.datetime(),
    network: z.strictObject({ cidr: z.string(), dr_cidr: z.string().nullable() }),
    database: z.strictObject({ user: z.string(), name: z.string() }),
    resources: z
      .strictObject({
        globalCluster: z.string(),
        hostedZoneId: z.string(),
        ingressName: z.string().meta({ description: "The one name that leads users to the serving region." }),
        dnsSwitch: z
          .strictObject({ region: z.string(), bucket: z.string(), key: z.string(), healthCheckId: z.string() })
          .nullable()
          .meta({ description: "The object whose presence leads the name to the second region; null without one." }),
        regions: z.record(z.string(), regionResources),
      })
      .nullable()
      .meta({ description: "What was made in AWS; null until it was." }),
    protection: z
      .strictObject({
        state: z.enum(["protected", "rebuilding", "suspended", "unprotected"]),
        because: z.string().meta({ example: "us-west-2 can take over from us-east-2" }),
        sinceMs: wallMs,
      })
      .meta({ description: "Whether another region could take over now, and at what cost." }),
    operation: z.string().nullable().meta({ description: "Id of the latest operation." }),
    secondary_candidates: z.array(z.string()).meta({ description: "Regions that could become the secondary." }),
  })
  .openapi("Cluster");

export const operationShown = z
  .strictObject({
    id: z.uuid(),
    cluster: z.string().meta({ example: "acme" }),
    kind: z.enum([
      ...["create", "enable-dr", "failover", "failback", "clean-up", "abandon-region", "loss-bound"],
      ...["dns-strategy", "standby-compute"],
    ] as const),
    state: z.enum(["running", "done", "failed"]),
    region: z
      .string()
      .optional()
      .meta({ description: "The region that a clean-up or an abandonment is about, or that a failover goes back to." }),
    steps: z
      .array(
        z
          .strictObject({
            name: z.string().meta({ example: "database-failover" }),
            state: z.enum(["pending", "running", "done", "failed"]),
            startedMs: wallMs.nullable(),
            endedMs: wallMs.nullable(),
            detail: z.string().meta({
              description: "What was seen last; of a step that waits, why.",
              example: "global cluster is failing-over, target is not writer",
            }),
            waitsOn: z
              .strictObject({
                service: z.string().meta({ example: "route53" }),
                operation: z.string().meta({ example: "ChangeResourceRecordSets" }),
                region: z.string().meta({ example: "us-east-1" }),
                answered: z.boolean(),
              })
              .optional()
              .meta({ description: "The call to AWS that it waits for: not answered, or without its effect yet." }),
          })
          .openapi("Step"),
      )
      .readonly(),
    error: z.string().optional().meta({ description: "Why it failed." }),
  })
  .openapi("Operation");

const healthState = z.enum(["healthy", "degraded", "unreachable"]);
const regionHealth = z
  .strictObject({
    region: z.string(),
    state: healthState,
    because: z.string().meta({ example: "3 deployments not ready" }),
    lastSeenMs: wallMs.nullable().meta({ description: "When it was last heard; null when never." }),
    checks: z
      .array(z.strictObject({ name: z.enum(checkNames), ok: z.boolean(), detail: z.string() }))
      .meta({ description: "All that is looked at in the region; what is not heard any more is not ok." }),
  })
  .openapi("RegionHealth");
export const healthShown = z
  .strictObject({
    primary: regionHealth,
    secondary: regionHealth.nullable().meta({ description: "null for a cluster without DR." }),
    worst: healthState.meta({ description: "The worst of both, so that a broken standby shows at once." }),
  })
  .openapi("Health");

export const deploymentsShown = z
  .strictObject({
    deployments: z.array(z.strictObject({ name: z.string(), maxActiveTasks: z.int() }).openapi("Deployment")),
  })
  .openapi("Deployments");

export const keysShown = z
  .strictObject({
    reconciler: z.string().meta({ description: "What the cluster's reconcilers authenticate with." }),
    deployments: z.string().meta({ description: "Bearer token of the deployments' own API." }),
  })
  .openapi("Keys");

export const manifestShown = z
  .strictObject({
    variant: z.enum(["primary", "dr"]),
    objects: z.array(z.record(z.string(), z.unknown())).meta({ description: "Kubernetes objects." }),
  })
  .openapi("Manifest");

export const tokenShown = z
  .strictObject({
    id: z.uuid(),
    name: z.string().meta({ example: "night shift" }),
    role: z.enum(["operator", "viewer"]),
    created_at: z.iso.datetime(),
  })
  .openapi("Token");
export const tokenMade = z
  .strictObject({ ...tokenShown.shape, token: z.string().meta({ description: "The secret; it is shown this once." }) })
  .openapi("NewlyMadeToken");
