/** Marks objects that the reconciler owns: it removes what carries both labels and is in no manifest. */
export function labelsOf(cluster: string, name: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/managed-by": "reconciler",
    "airflow.platform/cluster": cluster,
  };
}

export const ownedBy = (cluster: string) =>
  `app.kubernetes.io/managed-by=reconciler,airflow.platform/cluster=${cluster}`;

/** Names the plugin to which a pod belongs. */
export const pluginLabel = "airflow.platform/plugin";
/** Names the deployment to which a pod belongs. */
export const deploymentLabel = "airflow.platform/deployment";
/** How many pods the manifest wants, beside `spec.replicas`, which others can change. */
export const wantedReplicas = "airflow.platform/replicas";
/** On a pod: the role that its deployment uses, by its ARN. */
export const roleAnnotation = "airflow.platform/role-arn";
/** A readiness gate: the pod is ready only when its role was proven. */
export const roleGate = "airflow.platform/role";
