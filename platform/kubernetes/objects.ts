import {
  ApiException,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from "@kubernetes/client-node";

/** Makes an object say what it says here, made when missing: server-side apply in the name of one plugin. */
export function applyAs(config: KubeConfig, manager: string): (object: KubernetesObject) => Promise<void> {
  const objects = KubernetesObjectApi.makeApiClient(config);
  return async (object) => {
    await objects.patch(object, undefined, undefined, manager, true, PatchStrategy.ServerSideApply);
  };
}

export const isMissing = (error: unknown): boolean => error instanceof ApiException && error.code === 404;
