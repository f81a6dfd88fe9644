import type { DnsStrategy, DnsSwitch } from "./dns-switch.ts";
import type { Network } from "./network.ts";

/**
 * One cluster, in one region or two. DR is two fields of this record, never a second record:
 * `dr_region` says where else it can live, `is_failed_over` where it was asked to.
 */
export interface Cluster {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly dr_region: string | null;
  readonly is_failed_over: boolean;
  /** Where the deployments run by the manifests as they are now; follows `is_failed_over` during a failover. */
  readonly active_region: string;
  /** Whether the database may hold back writes to bound what the loss of a region costs; an operator can suspend it. */
  readonly loss_bound: "enforced" | "suspended";
  /** How the ingress name is led to another region. */
  readonly dns_strategy: DnsStrategy;
  /** Whether the database that stands by has its compute all the time: costs money, and a failover need not make it. */
  readonly standby_compute: StandbyCompute;
  /** Regions that it lived in and that were given up. */
  readonly abandoned_regions: readonly string[];
  readonly state: "creating" | "active" | "failed";
  readonly created_at: string;
  readonly network: Network;
  readonly database: DatabaseAccess;
  readonly airflow: AirflowSettings;
  /** Filled by provisioning; null until then. */
  readonly resources: Resources | null;
}

export type StandbyCompute = "headless" | "warm";

export interface DatabaseAccess {
  readonly user: string;
  readonly password: string;
  readonly name: string;
}

/** How every deployment of the cluster schedules. */
export interface AirflowSettings {
  /** Bearer token of the deployments' own API. */
  readonly token: string;
  readonly seed: string;
  readonly schedulerEveryMs: number;
  readonly heartbeatTimeoutMs: number;
  readonly heartbeatCheckEveryMs: number;
  readonly taskDurationMinMs: number;
  readonly taskDurationMaxMs: number;
  readonly maxTries: number;
  readonly databasePoolSize: number;
}

/** What provisioning made in AWS, and where it is. */
export interface Resources {
  readonly globalCluster: string;
  readonly hostedZoneId: string;
  readonly ingressName: string;
  /** What the name is switched by; null where it is moved by writing its record, and in one region. */
  readonly dnsSwitch: DnsSwitch | null;
  readonly regions: Readonly<Record<string, RegionResources>>;
}
export interface RegionResources {
  readonly databaseCluster: string;
  readonly databaseClusterArn: string;
  readonly databaseHost: string;
  readonly databasePort: number;
  readonly stack: string;
  readonly bucket: string;
  /** What the region's registry keeps its images in. */
  readonly imageBucket: string;
  /** What it keeps copies of other registries' images in. */
  readonly proxyBucket: string;
  /** Host, and port if not the usual one, of the region's registry. */
  readonly registry: string;
  readonly loadBalancer: string;
  readonly eksCluster: string;
  /**
   * The cluster's id as metrics and logs of this region carry it: with `-dr` in the region that was the second when it was made. It stays when
   * that region becomes the only one, because a change would restart everything that runs there.
   */
  readonly telemetryId: string;
}

export interface Deployment {
  readonly name: string;
  readonly maxActiveTasks: number;
}

export function databaseUrl(
  { user, password, name }: DatabaseAccess,
  { databaseHost, databasePort }: Pick<RegionResources, "databaseHost" | "databasePort">,
): string {
  return `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${databaseHost}:${databasePort}/${name}`;
}
