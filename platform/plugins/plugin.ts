import type { KubernetesObject } from "@kubernetes/client-node";
import type { RegionResources } from "../cluster.ts";
import type { Runs } from "../manifests/dr.ts";

/** The place for which a plugin's manifest is made. It tells what is there, never which region is which. */
export interface PluginSite {
  readonly cluster: string;
  readonly region: string;
  /** The cluster's id as metrics and logs of this region carry it. */
  readonly telemetryId: string;
  readonly globalCluster: string;
  /** The name under which the deployments are reached. */
  readonly ingressName: string;
  readonly databaseUrl: string;
  readonly resources: RegionResources;
  /** Room of one node that the cloud gives, as Kubernetes quantities. */
  readonly node: { readonly cpu: string; readonly memory: string };
  readonly health: {
    readonly checkEveryMs: number;
    readonly objectsBehindMs: number;
    readonly databaseBehindMs: number;
  };
  /** Names of all plugins of the region. */
  readonly plugins: readonly string[];
}

/** One plugin of the platform, as its author declares it: a Deployment of one pod in `platform-system`. */
export interface Plugin {
  readonly name: string;
  /** Its pod runs in every region, or only where the deployments run. */
  readonly runs: Runs;
  /** Where its metrics and log lines are read, if it has any. */
  readonly telemetryPort?: number;
  /** Environment variables of its own, besides the region's `platform-access`. */
  readonly env?: (site: PluginSite) => Readonly<Record<string, string | number>>;
  /** Further objects, the same in every region's own terms. */
  readonly objects?: (site: PluginSite) => readonly KubernetesObject[];
}

export const definePlugin = (plugin: Plugin): Plugin => plugin;
