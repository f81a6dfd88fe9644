import { z } from "zod";

/** Where something is looked up during a failover. The region that takes over is the only one that is sure to be there. */
const lookup = z.strictObject({ name: z.string().min(1), region: z.string().min(1).default("target") });

/** What the platform's processes are told, as JSON in `PLATFORM_CONFIG`. */
export const platformConfig = z.strictObject({
  listen: z.strictObject({ host: z.string(), port: z.int().min(0).max(65_535) }),
  /** Bearer token of the control plane. */
  token: z.string().min(1),
  /** Directory of the control plane's own database; made when missing. */
  stateDir: z.string().min(1),
  /** The regions a cluster may use. `loadBalancer` is the DNS name of the region's ingress, `registry` that of its registry. */
  aws: z.record(
    z.string(),
    z.strictObject({
      endpoint: z.url().optional(),
      loadBalancer: z.string().optional(),
      registry: z.string().optional(),
    }),
  ),
  /** Where Route 53 and IAM are, when not at AWS's own addresses. */
  globalEndpoint: z.url().optional(),
  credentials: z.strictObject({ accessKeyId: z.string(), secretAccessKey: z.string() }).optional(),
  /** Zone in which clusters and deployments get their names, without a last dot. */
  hostedZone: z.string().min(1),
  /** The release's images by name, as `name@sha256:…`; without them they are built from source. */
  images: z.record(z.string(), z.string()).optional(),
  /** Room of one Kubernetes node that the cloud gives. */
  node: z.strictObject({ cpu: z.string().default("16"), memory: z.string().default("64Gi") }).prefault({}),
  databaseEngineVersion: z.string().default("16.6"),
  databaseInstanceClass: z.string().default("db.r6g.large"),
  /** Bound of loss in seconds (`rds.global_db_rpo`), set on the primary only; null leaves it off. */
  globalDatabaseRpoSeconds: z.int().min(20).nullable().default(20),
  /** How new clusters lead their users to another region, unless they are told otherwise. */
  dnsStrategy: z.enum(["move-record", "health-check"]).default("move-record"),
  /** Whether the database that stands by has compute, in new clusters, unless they are told otherwise. */
  standbyCompute: z.enum(["headless", "warm"]).default("headless"),
  /** Name servers to ask where a name leads, as `address:port`; the system's when not given. */
  nameServers: z.array(z.string().min(1)).min(1).optional(),
  ingressTtlSeconds: z.int().positive().default(60),
  deploymentTtlSeconds: z.int().positive().default(300),
  /** What a failover looks up before it acts; without an answer it goes on all the same. */
  lookups: z
    .strictObject({
      /** A parameter by which operators hold failovers back: they go on when it says `go`, or is not there. */
      hold: lookup.optional(),
      /** A stack whose `InstanceClass` the database's new compute takes. */
      instanceClass: lookup.optional(),
      /** A secret that is the database's password. */
      databasePassword: lookup.optional(),
    })
    .prefault({}),
  /** Writes the cluster's roles anew in each failover. IAM takes writes in one region of the whole partition only. */
  rolesOnFailover: z.boolean().default(false),
  /** Time between two looks of a step that waits. */
  pollEveryMs: z.int().positive().default(1_000),
  /** Limit of one call to AWS; its outcome is unknown afterwards. */
  callWithinMs: z.int().positive().default(5_000),
  /** Limit of one step of an operation, after which it fails. Without one a failover goes on until its cause of trouble is gone. */
  stepWithinMs: z.int().positive().optional(),
  health: z
    .strictObject({
      /** Time between two reports of a reconciler. */
      everyMs: z.int().positive().default(1_000),
      /** Reports missed in a row before a region counts as unreachable. */
      missed: z.int().positive().default(3),
      /** Time between two rounds of a region's own checks. */
      checkEveryMs: z.int().positive().default(3_000),
      /** How far the replication of objects may be behind: a third of what S3's Replication Time Control promises. */
      objectsBehindMs: z.int().positive().default(300_000),
      /** The same of the database: half of the smallest bound of loss. */
      databaseBehindMs: z.int().positive().default(10_000),
    })
    .prefault({}),
});
export type PlatformConfig = z.infer<typeof platformConfig>;

export function readPlatformConfig(json: string | undefined): PlatformConfig {
  if (json === undefined) throw new Error("PLATFORM_CONFIG is not set: give the configuration as JSON");
  const parsed = platformConfig.safeParse(JSON.parse(json));
  if (!parsed.success) throw new Error(`PLATFORM_CONFIG is not usable:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
