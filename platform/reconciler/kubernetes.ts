import {
  ApiException,
  AppsV1Api,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
  type V1Deployment,
} from "@kubernetes/client-node";
import { within } from "../clock.ts";
import { kubeConfigOf } from "../kubernetes/access.ts";
import { watch } from "../kubernetes/watch.ts";
import { ownedBy } from "../manifests/labels.ts";
import type { Settings } from "./settings.ts";

/** The Kubernetes API of this region, as far as a reconciler needs it. */
export interface Kubernetes {
  /** Server-side apply: fields that the object names become what it says; they are taken from whoever set them. */
  apply(object: KubernetesObject): Promise<void>;
  /** Everything of these kinds that a reconciler of this cluster has ever applied. */
  owned(kinds: readonly Kind[]): Promise<KubernetesObject[]>;
  remove(object: KubernetesObject): Promise<void>;
  /** Follows the cluster's Deployments until the signal aborts; `onChange` hears of each change. */
  watchDeployments(onChange: () => void, signal: AbortSignal): Watched;
}
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}
export interface Watched {
  deployment(name: string, namespace: string): V1Deployment | undefined;
}

export function kubernetesOf({ CLUSTER, CALL_WITHIN_MS, ...access }: Settings): Kubernetes {
  const config = kubeConfigOf(access);
  const objects = KubernetesObjectApi.makeApiClient(config);
  const apps = config.makeApiClient(AppsV1Api);
  const labelSelector = ownedBy(CLUSTER);
  const limited = <T>(what: string, work: Promise<T>) => within(CALL_WITHIN_MS, what, work);

  return {
    async apply(object) {
      const patch = objects.patch(object, undefined, undefined, "reconciler", true, PatchStrategy.ServerSideApply);
      await limited(`applying ${nameOf(object)}`, patch);
    },
    async owned(kinds) {
      const lists = kinds.map(async ({ apiVersion, kind }) => {
        const list = objects.list(
          apiVersion,
          kind,
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          labelSelector,
        );
        const { items } = await limited(`listing ${kind}`, list);
        // Items of a list do not carry their kind.
        return items.map((item) => ({ ...item, apiVersion, kind }));
      });
      return (await Promise.all(lists)).flat();
    },
    async remove(object) {
      try {
        await limited(`removing ${nameOf(object)}`, objects.delete(object));
      } catch (error) {
        if (!(error instanceof ApiException && error.code === 404)) throw error;
      }
    },
    watchDeployments(onChange, signal) {
      const watched = watch<V1Deployment>(
        config,
        {
          path: "/apis/apps/v1/deployments",
          list: (by) => apps.listDeploymentForAllNamespaces(by),
          labelSelector,
          onChange,
        },
        signal,
      );
      return { deployment: (name, namespace) => watched.get(name, namespace) };
    },
  };
}

export function nameOf({ kind, metadata }: KubernetesObject): string {
  return [kind, metadata?.namespace, metadata?.name].filter((part) => part !== undefined).join("/");
}
