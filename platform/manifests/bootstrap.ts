import type { KubernetesObject } from "@kubernetes/client-node";
import { reconciler } from "../plugins/reconciler.ts";
import { accessSecret, pluginDeployment, pluginNamespace } from "./plugin.ts";

export interface BootstrapOptions {
  readonly cluster: string;
  readonly region: string;
  /** The reconciler's. */
  readonly image: string;
  readonly controlPlane: { readonly url: string; readonly token: string };
  /** The API that plugins use. Without it they use their pods' service accounts. */
  readonly kubernetes?: { readonly server: string; readonly token: string };
  /** Where AWS is and by which keys, when not at its own addresses and not by the pods' own roles. */
  readonly aws?: { readonly endpoint: string; readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Where the region's registry answers, when its name is not one that DNS knows. */
  readonly registryUrl?: string;
  /** Time between two reports of the reconciler to the control plane. */
  readonly reportEveryMs?: number;
}

/**
 * What a region's Kubernetes needs before its reconciler can do the rest: what tells every plugin where it is, and the reconciler, as its own
 * manifest will have it. Applied once, when the region is made.
 */
export function bootstrapManifests(options: BootstrapOptions): KubernetesObject[] {
  const { cluster, region, image, controlPlane, kubernetes, aws, registryUrl, reportEveryMs } = options;
  const values: Record<string, string | number | undefined> = {
    CLUSTER: cluster,
    REGION: region,
    CONTROL_PLANE_URL: controlPlane.url,
    CONTROL_PLANE_TOKEN: controlPlane.token,
    KUBERNETES_API: kubernetes?.server,
    KUBERNETES_TOKEN: kubernetes?.token,
    AWS_ENDPOINT: aws?.endpoint,
    AWS_ACCESS_KEY_ID: aws?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws?.secretAccessKey,
    REGISTRY_URL: registryUrl,
    REPORT_EVERY_MS: reportEveryMs,
  };
  const stringData = Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
  const metadata = { name: accessSecret, namespace: pluginNamespace };
  const access = { apiVersion: "v1", kind: "Secret", metadata, stringData };
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: pluginNamespace } };
  return [namespace, access, pluginDeployment(reconciler, { cluster, image, replicas: 1, env: [] })];
}
