import type { KubernetesObject, V1Deployment } from "@kubernetes/client-node";
import { deploymentLabel } from "../manifests/labels.ts";
import type { Watched } from "./kubernetes.ts";

/** Each Airflow deployment of the manifest, and whether the cluster has it as the manifest says, pods included. */
export function readiness(objects: readonly KubernetesObject[], watched: Watched): { name: string; ready: boolean }[] {
  return objects.filter(isDeployment).map((wanted) => {
    const { name = "", namespace = "default" } = wanted.metadata ?? {};
    return { name, ready: isReady(wanted.spec?.replicas ?? 1, watched.deployment(name, namespace)) };
  });
}

/** The seen spec is compared too: for a moment after an apply, what is watched is still the object of before. */
function isReady(replicas: number, seen: V1Deployment | undefined): boolean {
  if (seen === undefined || (seen.spec?.replicas ?? 1) !== replicas) return false;
  const { observedGeneration, readyReplicas = 0, replicas: running = 0 } = seen.status ?? {};
  const { generation } = seen.metadata ?? {};
  if (observedGeneration !== undefined && generation !== undefined && observedGeneration < generation) return false;
  return replicas === 0 ? running === 0 : readyReplicas >= replicas;
}

function isDeployment(object: KubernetesObject): object is V1Deployment {
  return object.kind === "Deployment" && object.metadata?.labels?.[deploymentLabel] !== undefined;
}
