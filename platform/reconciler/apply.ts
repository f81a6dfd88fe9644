import type { KubernetesObject } from "@kubernetes/client-node";
import { type Kind, type Kubernetes, nameOf } from "./kubernetes.ts";

/** Brings the region to what the objects say. */
export interface Applier {
  /** Applies what is new or other than before, and removes what was applied once and is named no more. Rejects with all that failed. */
  apply(objects: readonly KubernetesObject[]): Promise<void>;
  /** Forgets what was applied, so that the next time everything is applied again. */
  forget(): void;
}

const atOnce = 24;
/** In the order in which they are made; removed in reverse. Pods take longest to be ready, so they come before what leads traffic to them. */
const kinds: readonly Kind[] = [
  { apiVersion: "v1", kind: "Namespace" },
  { apiVersion: "v1", kind: "ConfigMap" },
  { apiVersion: "apps/v1", kind: "Deployment" },
  { apiVersion: "v1", kind: "Service" },
  { apiVersion: "networking.k8s.io/v1", kind: "Ingress" },
];
const rankOf = ({ kind }: KubernetesObject): number => kinds.findIndex((known) => known.kind === kind);

export function applierOf(kubernetes: Kubernetes): Applier {
  let applied = new Map<string, string>();
  let looked = false;
  return {
    forget() {
      applied = new Map();
      looked = false;
    },
    async apply(objects) {
      const wanted = new Map(objects.map((object) => [nameOf(object), object]));
      // What is there from before this process is known only to the API.
      const owned = looked ? undefined : await kubernetes.owned(kinds);
      const isNamespace = ({ kind }: KubernetesObject) => kind === "Namespace";
      const changed = objects.filter((object) => applied.get(nameOf(object)) !== JSON.stringify(object));
      const applyOne = async (object: KubernetesObject) => {
        const text = JSON.stringify(object);
        await kubernetes.apply(object);
        applied.set(nameOf(object), text);
      };
      await each(changed.filter(isNamespace), applyOne);
      await each(
        changed.filter((object) => !isNamespace(object)).toSorted((a, b) => rankOf(a) - rankOf(b)),
        applyOne,
      );
      const stale = (owned ?? [...applied.keys()].map(objectOf)).filter((object) => !wanted.has(nameOf(object)));
      for (const { kind } of kinds.toReversed()) {
        await each(
          stale.filter((object) => object.kind === kind),
          async (object) => {
            await kubernetes.remove(object);
            applied.delete(nameOf(object));
          },
        );
      }
      looked = true;
    },
  };
}

/** The inverse of `nameOf`. */
function objectOf(name: string): KubernetesObject {
  const [kind = "", ...path] = name.split("/");
  const metadata = path.length > 1 ? { namespace: path[0] ?? "", name: path[1] ?? "" } : { name: path[0] ?? "" };
  return { apiVersion: kinds.find((known) => known.kind === kind)?.apiVersion ?? "v1", kind, metadata };
}

/** Some at a time; one that fails does not keep the others from being done. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  const queue = items.values();
  const lane = async () => {
    for (const item of queue) await work(item).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  const [first] = failures;
  if (first === undefined) return;
  const said = first instanceof Error ? first.message : String(first);
  throw new AggregateError(failures, `${failures.length} of ${items.length} objects failed, the first with: ${said}`);
}
