import { CoreV1Api, type KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import { z } from "zod";
import { kubeConfigOf } from "../../kubernetes/access.ts";
import { gather } from "../../kubernetes/gather.ts";
import {
  byAge,
  freeRoom,
  isUnschedulable,
  isUsable,
  minus,
  type Room,
  requested,
  roomOf,
  shortages,
} from "../../kubernetes/room.ts";
import { watch } from "../../kubernetes/watch.ts";
import { type Container, placeSettings, type RunningPlugin, readEnv } from "../settings.ts";

/** Karpenter's own kind: a node that is asked of the cloud. */
interface NodeClaim extends KubernetesObject {
  readonly spec?: { readonly resources: { readonly requests: { readonly cpu: string; readonly memory: string } } };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly reason?: string }[] };
}
const claimed = { apiVersion: "karpenter.sh/v1", kind: "NodeClaim" };
const pool = { "karpenter.sh/nodepool": "default" };
/** Pods come in bursts: one claim should serve many. */
const gatherMs = 20;

const isShort = ({ status }: NodeClaim) =>
  (status?.conditions ?? []).some(({ reason }) => reason === "InsufficientCapacityError");

/**
 * Claims nodes for pods that fit nowhere, one NodeClaim for each node. A claim that the cloud has no capacity for stays, so that
 * the cloud can serve it later, until nobody needs it any more.
 */
export async function start({ env }: Pick<Container, "env">): Promise<RunningPlugin> {
  const settings = readEnv(
    "karpenter",
    { ...placeSettings, NODE_CPU: z.string().default("16"), NODE_MEMORY: z.string().default("64Gi") },
    env,
  );
  const { NODE_CPU: cpu, NODE_MEMORY: memory } = settings;
  const whole = roomOf({ cpu, memory });
  const stopped = new AbortController();
  const { signal } = stopped;
  const config = kubeConfigOf(settings);
  const core = config.makeApiClient(CoreV1Api);
  const objects = KubernetesObjectApi.makeApiClient(config);
  /** Claims that were made and that the watch has not shown yet. */
  const ahead = new Set<string>();

  const pass = gather(provision, { afterMs: gatherMs, signal });
  const onChange = () => pass.soon();
  const pods = watch(
    config,
    { path: "/api/v1/pods", list: (by) => core.listPodForAllNamespaces(by), onChange },
    signal,
  );
  const nodes = watch(config, { path: "/api/v1/nodes", list: (by) => core.listNode(by), onChange }, signal);
  const claims = watch<NodeClaim>(
    config,
    {
      path: "/apis/karpenter.sh/v1/nodeclaims",
      list: () => objects.list<NodeClaim>(claimed.apiVersion, claimed.kind),
      onChange: (claim) => {
        ahead.delete(claim?.metadata?.name ?? "");
        pass.soon();
      },
    },
    signal,
  );
  const synced = () => pods.synced() && nodes.synced() && claims.synced();

  async function provision(): Promise<void> {
    if (!synced()) return;
    const launched = new Set(
      nodes.list().flatMap(({ metadata }) => (metadata?.ownerReferences ?? []).map(({ name }) => name)),
    );
    const short = claims.list().filter(isShort);
    const coming = claims.list().filter((claim) => !isShort(claim) && !launched.has(claim.metadata?.name ?? ""));
    const missing = nodesMissing(coming.length + ahead.size);
    for (const { metadata } of short.slice(missing))
      await objects.delete({ ...claimed, metadata: { name: metadata?.name ?? "" } });
    for (let made = short.length; made < missing; made++) await claim();
  }

  /** How many more nodes the waiting pods need when those that are there or on their way have been filled first. */
  function nodesMissing(coming: number): number {
    const free = freeRoom(nodes.list().filter(isUsable), pods.list());
    const rooms: Room[] = [...free.values(), ...Array.from({ length: coming }, () => whole)];
    const had = rooms.length;
    for (const { spec } of pods.list().filter(isUnschedulable).sort(byAge)) {
      const wanted = requested(spec);
      // No node of this pool will ever hold it.
      if (shortages(whole, wanted).length > 0) continue;
      const at = rooms.findIndex((room) => shortages(room, wanted).length === 0);
      rooms[at < 0 ? rooms.length : at] = minus(rooms[at] ?? whole, wanted);
    }
    return rooms.length - had;
  }

  async function claim(): Promise<void> {
    const wanted: NodeClaim = {
      ...claimed,
      metadata: { generateName: "default-", labels: pool },
      spec: { resources: { requests: { cpu, memory } } },
    };
    const { metadata } = await objects.create(wanted);
    const name = metadata?.name ?? "";
    if (claims.get(name) === undefined) ahead.add(name);
  }

  return {
    ready: synced,
    async stop() {
      stopped.abort();
      await pass.idle();
    },
  };
}
