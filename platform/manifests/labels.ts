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
