import { EventEmitter, once } from "node:events";
import type { Cluster } from "../cluster.ts";
import { type Variant, variants } from "../manifests/dr.ts";
import { type Blob, type RenderOptions, renderManifest } from "../manifests/render.ts";
import type { Store } from "./store.ts";

/** The manifests of all clusters, each variant a blob of its own. */
export interface Blobs {
  /** Writes the record and its manifests as one. */
  put(cluster: Cluster): void;
  current(cluster: string, variant: Variant): Blob | undefined;
  /** The blob as soon as its tag is another than the one known, or as it is when the time is over. */
  next(
    cluster: string,
    variant: Variant,
    known: string,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<Blob | undefined>;
}

export function blobsIn(store: Store, options: RenderOptions): Blobs {
  const changes = new EventEmitter().setMaxListeners(0);
  const current = (cluster: string, variant: Variant) => store.blob(cluster, variant);
  return {
    current,
    put(cluster) {
      store.together(() => {
        store.putCluster(cluster);
        const deployments = store.deployments(cluster.id);
        for (const variant of variants) {
          const blob = renderManifest(cluster, deployments, variant, options);
          if (blob === undefined) store.dropBlob(cluster.id, variant);
          else store.putBlob(cluster.id, variant, blob);
        }
      });
      changes.emit(cluster.id);
    },
    async next(cluster, variant, known, waitMs, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
      for (;;) {
        const blob = current(cluster, variant);
        if (blob?.etag !== known || limit.aborted) return blob;
        await once(changes, cluster, { signal: limit }).catch(() => undefined);
      }
    },
  };
}
