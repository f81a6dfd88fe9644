import {
  AppsV1Api,
  CoreV1Api,
  type CoreV1Event,
  type KubernetesObject,
  KubernetesObjectApi,
  type V1ConfigMap,
  type V1Deployment,
  type V1Pod,
} from "@kubernetes/client-node";
import { kubeConfigOf } from "../../kubernetes/access.ts";
import { type Watched, watch } from "../../kubernetes/watch.ts";
import { ownedBy } from "../../manifests/labels.ts";
import { pluginNamespace } from "../../manifests/plugin.ts";
import { checkLabel } from "../checks.ts";
import type { Settings } from "./settings.ts";

/** Karpenter's kinds, as far as they tell of capacity. */
export interface NodeClaim extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly { readonly reason?: string; readonly message?: string }[] };
}
export interface NodePool extends KubernetesObject {
  readonly spec?: { readonly limits?: { readonly nodes?: number | string } };
}
/** What the region's Kubernetes has, as it is followed. */
export interface Region {
  /** What the reconciler applied, plugins and deployments. */
  readonly deployments: Watched<V1Deployment>;
  readonly pods: Watched<V1Pod>;
  /** What other plugins tell of their checks. */
  readonly told: Watched<V1ConfigMap>;
  readonly claims: Watched<NodeClaim>;
  readonly pools: Watched<NodePool>;
  synced(): boolean;
}

export function followRegion(settings: Settings, onEvent: (event: CoreV1Event) => void, signal: AbortSignal): Region {
  const config = kubeConfigOf(settings);
  const core = config.makeApiClient(CoreV1Api);
  const apps = config.makeApiClient(AppsV1Api);
  const objects = KubernetesObjectApi.makeApiClient(config);
  const karpenter = "karpenter.sh/v1";
  const namespace = pluginNamespace;
  const deployments = watch<V1Deployment>(
    config,
    {
      path: "/apis/apps/v1/deployments",
      list: (by) => apps.listDeploymentForAllNamespaces(by),
      labelSelector: ownedBy(settings.CLUSTER),
    },
    signal,
  );
  const pods = watch<V1Pod>(config, { path: "/api/v1/pods", list: (by) => core.listPodForAllNamespaces(by) }, signal);
  const told = watch<V1ConfigMap>(
    config,
    {
      path: `/api/v1/namespaces/${namespace}/configmaps`,
      list: (by) => core.listNamespacedConfigMap({ namespace, ...by }),
      labelSelector: checkLabel,
    },
    signal,
  );
  const claims = watch<NodeClaim>(
    config,
    { path: `/apis/${karpenter}/nodeclaims`, list: () => objects.list<NodeClaim>(karpenter, "NodeClaim") },
    signal,
  );
  const pools = watch<NodePool>(
    config,
    { path: `/apis/${karpenter}/nodepools`, list: () => objects.list<NodePool>(karpenter, "NodePool") },
    signal,
  );
  watch<CoreV1Event>(
    config,
    {
      path: "/api/v1/events",
      list: (by) => core.listEventForAllNamespaces(by),
      onChange: (event) => {
        if (event !== undefined) onEvent(event);
      },
    },
    signal,
  );
  const all = [deployments, pods, told, claims, pools];
  return { deployments, pods, told, claims, pools, synced: () => all.every((one) => one.synced()) };
}
