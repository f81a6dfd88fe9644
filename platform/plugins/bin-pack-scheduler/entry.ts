import {
  ApiException,
  CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1Node,
  type V1Pod,
} from "@kubernetes/client-node";
import { kubeConfigOf } from "../../kubernetes/access.ts";
import { gather } from "../../kubernetes/gather.ts";
import { byAge, freeRoom, isUsable, minus, type Room, requested, roomOf, shortages } from "../../kubernetes/room.ts";
import { watch } from "../../kubernetes/watch.ts";
import { inLanes } from "../lanes.ts";
import { type Container, placeSettings, type RunningPlugin, readEnv } from "../settings.ts";
import { schedulerName } from "./plugin.ts";

const gatherMs = 10;
const atOnce = 16;

/** Binds each pod that names this scheduler to the fullest node that has room for it, so that few nodes serve many deployments. */
export async function start({ env }: Pick<Container, "env">): Promise<RunningPlugin> {
  const settings = readEnv("bin-pack-scheduler", placeSettings, env);
  const stopped = new AbortController();
  const { signal } = stopped;
  const config = kubeConfigOf(settings);
  const core = config.makeApiClient(CoreV1Api);
  /** Nodes by uid of the pods that were bound to them, until the watch shows it. */
  const bound = new Map<string, string>();
  const nodeOf = ({ spec, metadata }: V1Pod) => spec?.nodeName ?? bound.get(metadata?.uid ?? "");

  const pass = gather(schedule, { afterMs: gatherMs, signal });
  const pods = watch(
    config,
    {
      path: "/api/v1/pods",
      list: (by) => core.listPodForAllNamespaces(by),
      onChange: (pod) => {
        if (pod?.spec?.nodeName !== undefined) bound.delete(pod.metadata?.uid ?? "");
        pass.soon();
      },
    },
    signal,
  );
  const nodes = watch(
    config,
    { path: "/api/v1/nodes", list: (by) => core.listNode(by), onChange: () => pass.soon() },
    signal,
  );
  const synced = () => pods.synced() && nodes.synced();

  async function schedule(): Promise<void> {
    const waiting = synced() ? pods.list().filter((pod) => isMine(pod) && nodeOf(pod) === undefined) : [];
    if (waiting.length === 0) return;
    const usable = nodes.list().filter(isUsable);
    const free = freeRoom(usable, pods.list(), nodeOf);
    const refusals: (() => Promise<void>)[] = [];
    const bindings: (() => Promise<void>)[] = [];
    for (const pod of waiting.sort(byAge)) {
      const { node, short } = fullestFor(pod, usable, free);
      if (node === undefined) refusals.push(() => refuse(pod, short));
      else {
        const room = free.get(node);
        if (room !== undefined) free.set(node, minus(room, requested(pod.spec)));
        bindings.push(() => bind(pod, node));
      }
    }
    // A node that has to be made takes longer than a pod that only has to start.
    await inLanes(atOnce, [...refusals, ...bindings]);
  }

  async function bind({ metadata }: V1Pod, node: string): Promise<void> {
    const { name = "", namespace = "", uid = "" } = metadata ?? {};
    bound.set(uid, node);
    const body = { metadata: { name, namespace }, target: { apiVersion: "v1", kind: "Node", name: node } };
    try {
      await core.createNamespacedPodBinding({ name, namespace, body });
    } catch (error) {
      bound.delete(uid);
      // Gone or bound in the meantime: there is nothing left to do for it.
      if (error instanceof ApiException && (error.code === 404 || error.code === 409)) return;
      throw error;
    }
  }

  /** Says on the pod that it fits nowhere, which is what a provisioner of nodes looks for. */
  async function refuse({ metadata, status }: V1Pod, short: readonly string[]): Promise<void> {
    const { name = "", namespace = "" } = metadata ?? {};
    const message = `no node has room for it: ${short.join(", ") || "there is none"}`;
    const said = status?.conditions?.find(({ type }) => type === "PodScheduled");
    if (said?.message === message) return;
    const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
    const asMerge = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch);
    await core.patchNamespacedPodStatus({ name, namespace, body: { status: { conditions: [condition] } } }, asMerge);
  }

  return {
    ready: synced,
    async stop() {
      stopped.abort();
      await pass.idle();
    },
  };
}

const isMine = ({ spec, metadata }: V1Pod) =>
  spec?.schedulerName === schedulerName && spec.nodeName === undefined && metadata?.deletionTimestamp === undefined;

/** The node that the pod leaves fullest, or what every node lacks. */
function fullestFor(
  { spec }: V1Pod,
  nodes: readonly V1Node[],
  free: ReadonlyMap<string, Room>,
): { node?: string; short: readonly string[] } {
  const wanted = requested(spec);
  const short = new Set<string>();
  let best: { node: string; share: number } | undefined;
  for (const { metadata, status } of nodes) {
    const node = metadata?.name ?? "";
    const room = free.get(node) ?? { cpu: 0, memory: 0, pods: 0 };
    const lacking = shortages(room, wanted);
    for (const one of lacking) short.add(one);
    const share = room.cpu / roomOf({ ...status?.allocatable }).cpu;
    if (lacking.length === 0 && (best === undefined || share < best.share)) best = { node, share };
  }
  return { ...(best && { node: best.node }), short: [...short] };
}
