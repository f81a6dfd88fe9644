import type { KubernetesObject } from "@kubernetes/client-node";

export interface BootstrapOptions {
  readonly cluster: string;
  readonly region: string;
  readonly image: string;
  readonly controlPlane: { readonly url: string; readonly token: string };
  /** The API that the reconciler applies to. Without it the reconciler uses its pod's service account. */
  readonly kubernetes?: { readonly server: string; readonly token: string };
  /** Time between two reports to the control plane. */
  readonly reportEveryMs?: number;
}

const namespace = "platform-system";

/** What a region's Kubernetes needs before its reconciler can do the rest: the reconciler. Applied once, when the region is made. */
export function bootstrapManifests(options: BootstrapOptions): KubernetesObject[] {
  const { cluster, region, image, controlPlane, kubernetes, reportEveryMs } = options;
  const values: Record<string, string | number | undefined> = {
    CLUSTER: cluster,
    REGION: region,
    CONTROL_PLANE_URL: controlPlane.url,
    CONTROL_PLANE_TOKEN: controlPlane.token,
    KUBERNETES_API: kubernetes?.server,
    KUBERNETES_TOKEN: kubernetes?.token,
    REPORT_EVERY_MS: reportEveryMs,
  };
  const labels = { "app.kubernetes.io/name": "reconciler" };
  const env = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: String(value) }],
  );
  const reconciler = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "reconciler", namespace, labels },
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "reconciler", image, env, resources: { requests: { cpu: "250m" } } }] },
      },
    },
  };
  return [{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }, reconciler];
}
