import type { Aws } from "../aws/clients.ts";
import type { Patience } from "../converge.ts";
import type { ResolveAlias } from "../dns-switch.ts";
import type { ChecksReport, Report } from "../health/health.ts";
import type { PlatformConfig } from "../settings.ts";
import type { Blobs } from "./blobs.ts";
import type { Store } from "./store.ts";

/** What the control plane's parts share. */
export interface Context {
  readonly config: PlatformConfig;
  readonly aws: Aws;
  readonly resolveAlias: ResolveAlias;
  readonly store: Store;
  readonly blobs: Blobs;
  /** Latest report by cluster and region: they come every second, so a restart forgets nothing that matters. */
  readonly reports: Map<string, Report>;
  /** The same of the regions' health reporters. */
  readonly checks: Map<string, ChecksReport>;
  readonly patience: Patience;
  /** Operations that this process is running now. */
  readonly running: Map<string, Promise<void>>;
  /** What stops each of them. */
  readonly stops: Map<string, AbortController>;
  /** When this process began to hear reports, wall ms. */
  readonly startedMs: number;
}

export const reportKey = (cluster: string, region: string) => `${cluster}/${region}`;

export function registryOf({ aws, hostedZone }: PlatformConfig, region: string): string {
  return aws[region]?.registry ?? `registry.${region}.${hostedZone}`;
}

export function loadBalancerOf({ aws, hostedZone }: PlatformConfig, region: string): string {
  return aws[region]?.loadBalancer ?? `ingress.${region}.${hostedZone}`;
}
