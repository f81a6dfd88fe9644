import {
  ApiException,
  CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1Node,
  type V1Pod,
} from "@kubernetes/client-node";
import PQueue from "p-queue";
import { pause } from "../../clock.ts";
import { kubeConfigOf } from "../../kubernetes/access.ts";
import { gather } from "../../kubernetes/gather.ts";
import { byAge, freeRoom, isUsable, minus, type Room, requested, roomOf, shortages } from "../../kubernetes/room.ts";
import { watch } from "../../kubernetes/watch.ts";
import { type Container, placeSettings, type RunningPlugin, readEnv } from "../settings.ts";
import { schedulerName } from "./plugin.ts";

const gatherMs = 10;
const atOnce = 16;
const againAfterMs = 500;
/** A node that has to be made takes longer than a pod that only has to start. */
const saidFirst = 1;

/** Binds each pod that names this scheduler to the fullest node that has room for it, so that few nodes serve many deployments. */
export async function start({ env }: Pick<Container, "env">): Promise<RunningPlugin> {
  const settings = readEnv("bin-pack-scheduler", placeSettings, env);
  const stopped = new AbortController();
  const { signal } = stopped;
  const config = kubeConfigOf(settings);
  const core = config.makeApiClient(CoreV1Api);
  /** Nodes by uid of the pods that were bound to them, until the watch shows it. */
  const bound = new Map<string, string>();
  const nodeOf = (pod: V1Pod) => pod.spec?.nodeName ?? bound.get(uidOf(pod));
  /** The uids of pods on which it is being said that they fit nowhere: nothing else is decided on them until then. */
  const refusing = new Set<string>();
  /** What is decided and not yet written. No pass waits for it: while the API is busy, more pods come. */
  const writes = new PQueue({ concurrency: atOnce });
  const write = (work: () => Promise<void>, priority = 0) =>
    void writes.add(work, { priority }).catch(async () => {
      await pause(againAfterMs, signal);
      pass.soon();
    });

  const pass = gather(schedule, { afterMs: gatherMs, signal });
  const pods = watch(
    config,
    {
      path: "/api/v1/pods",
      list: (by) => core.listPodForAllNamespaces(by),
      onChange: (pod) => {
        if (pod?.spec?.nodeName !== undefined) bound.delete(uidOf(pod));
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
    const isWaiting = (pod: V1Pod) => isMine(pod) && nodeOf(pod) === undefined && !refusing.has(uidOf(pod));
    const waiting = synced() ? pods.list().filter(isWaiting) : [];
    if (waiting.length === 0) return;
    const usable = nodes.list().filter(isUsable);
    const free = freeRoom(usable, pods.list(), nodeOf);
    writes.pause();
    try {
      for (const pod of waiting.sort(byAge)) {
        const { node, short } = fullestFor(pod, usable, free);
        if (node === undefined) {
          refuse(pod, short);
          continue;
        }
        const room = free.get(node);
        if (room !== undefined) free.set(node, minus(room, requested(pod.spec)));
        bind(pod, node);
      }
    } finally {
      writes.start();
    }
  }

  function bind({ metadata }: V1Pod, node: string): void {
    const { name = "", namespace = "", uid = "" } = metadata ?? {};
    const body = { metadata: { name, namespace }, target: { apiVersion: "v1", kind: "Node", name: node } };
    bound.set(uid, node);
    write(async () => {
      try {
        await core.createNamespacedPodBinding({ name, namespace, body });
      } catch (error) {
        bound.delete(uid);
        // Gone or bound in the meantime: there is nothing left to do for it.
        if (error instanceof ApiException && (error.code === 404 || error.code === 409)) return;
        throw error;
      }
    });
  }

  /** Says on the pod that it fits nowhere, which is what a provisioner of nodes looks for. */
  function refuse(pod: V1Pod, short: readonly string[]): void {
    const { name = "", namespace = "", uid = "" } = pod.metadata ?? {};
    const message = `no node has room for it: ${short.join(", ") || "there is none"}`;
    if (pod.status?.conditions?.find(({ type }) => type === "PodScheduled")?.message === message) return;
    const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
    const body = { status: { conditions: [condition] } };
    const asMerge = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch);
    refusing.add(uid);
    write(async () => {
      await core.patchNamespacedPodStatus({ name, namespace, body }, asMerge).finally(() => refusing.delete(uid));
      pass.soon();
    }, saidFirst);
  }

  return {
    ready: synced,
    async stop() {
      stopped.abort();
      await pass.idle();
      writes.clear();
      await writes.onIdle();
    },
  };
}

const uidOf = ({ metadata }: V1Pod): string => metadata?.uid ?? "";
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
