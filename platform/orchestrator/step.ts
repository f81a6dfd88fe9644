import type { Aws } from "../aws/clients.ts";
import type { Ask } from "../converge.ts";
import type { DnsSwitch, ResolveAlias } from "../dns-switch.ts";
import type { Lookups } from "./lookups.ts";

/** What a failover or a failback needs to know, and all that it needs to know: a plain record, so that any process can run it. */
export interface FailoverRecord {
  readonly cluster: string;
  /**
   * The region that is left, when it can be asked: the database is switched over there, and nothing is lost. null in a failover,
   * where the region being left has no place at all: no step may call it.
   */
  readonly from: string | null;
  /** The region that takes over. */
  readonly to: string;
  readonly globalCluster: string;
  readonly databaseCluster: string;
  readonly databaseClusterArn: string;
  readonly databaseInstance: string;
  readonly stack: string;
  readonly hostedZoneId: string;
  readonly ingressName: string;
  readonly ingressTtlSeconds: number;
  readonly loadBalancer: string;
  /** What the name is switched by; null where its record is moved. */
  readonly dnsSwitch: DnsSwitch | null;
}

/** The deployments of the region that takes over, as its own reconciler reports them. */
export interface Inflation {
  /** Writes the manifests anew, with `to` as the one active region. */
  regenerate(): Promise<void>;
  look(): Promise<InflationState>;
}
export interface InflationState {
  /** Whether the manifests say that `to` is the active region. */
  readonly regenerated: boolean;
  /** Whether the reconciler there has applied just these manifests. */
  readonly applied: boolean;
  readonly ready: number;
  readonly wanted: number;
  /** What keeps deployments from being ready, in the words of the region that takes over. */
  readonly problems: readonly string[];
  /** Whether a region that can still be heard runs deployments that it should have put away. */
  readonly leftBehind: boolean;
}

/** What the steps act through. */
export interface FailoverTools {
  readonly aws: Aws;
  /** Writes one row to the target's database; rejects while it is read only or does not answer. */
  readonly writeOnce: () => Promise<void>;
  readonly inflation: Inflation;
  readonly resolveAlias: ResolveAlias;
  readonly lookups: Lookups;
}

export type StepName = "database-compute" | "database-failover" | "manifests" | "dns";

/** One goal of the failover. `ask` is made anew for each run, and looks at the world before it decides anything. */
export interface Step {
  readonly name: StepName;
  ask(record: FailoverRecord, tools: FailoverTools): Ask;
}
