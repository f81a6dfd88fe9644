import type { V1Node, V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { quantity } from "./quantity.ts";

/** Room on a node, or what a pod asks of one: cores, bytes and places for pods. */
export interface Room {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
}

/** A little slack, so that ten times 0.1 core fit in one. */
const slack = 1e-9;
/** The kubelet's own limit where a node names none. */
const podsPerNode = "110";

export const roomOf = ({
  cpu = "0",
  memory = "0",
  pods = podsPerNode,
}: {
  cpu?: string;
  memory?: string;
  pods?: string;
}): Room => ({
  cpu: quantity(cpu),
  memory: quantity(memory),
  pods: quantity(pods),
});
export const minus = (left: Room, right: Room): Room => ({
  cpu: left.cpu - right.cpu,
  memory: left.memory - right.memory,
  pods: left.pods - right.pods,
});
/** What is missing, in the words of Kubernetes' own scheduler. */
export function shortages(free: Room, wanted: Room): string[] {
  const short: string[] = [];
  if (wanted.cpu > free.cpu + slack) short.push("Insufficient cpu");
  if (wanted.memory > free.memory + slack) short.push("Insufficient memory");
  if (wanted.pods > free.pods) short.push("Too many pods");
  return short;
}

/** What a pod of this spec asks for: the sum of its containers' requests. */
export function requested(spec: V1PodSpec | undefined): Room {
  const asked = (spec?.containers ?? []).map(({ resources }) => roomOf({ ...resources?.requests }));
  const sum = (part: "cpu" | "memory") => asked.reduce((total, one) => total + one[part], 0);
  return { cpu: sum("cpu"), memory: sum("memory"), pods: 1 };
}

/** Whether a node takes pods at all. */
export const isUsable = ({ spec, status }: V1Node): boolean =>
  spec?.unschedulable !== true &&
  (status?.conditions ?? []).some((condition) => condition.type === "Ready" && condition.status === "True");

/** Free room by name of node; `nodeOf` says where a pod is, or is about to be. */
export function freeRoom(
  nodes: readonly V1Node[],
  pods: readonly V1Pod[],
  nodeOf: (pod: V1Pod) => string | undefined = ({ spec }) => spec?.nodeName,
): Map<string, Room> {
  const free = new Map(nodes.map(({ metadata, status }) => [metadata?.name ?? "", roomOf({ ...status?.allocatable })]));
  for (const pod of pods) {
    if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") continue;
    const name = nodeOf(pod) ?? "";
    const room = free.get(name);
    if (room !== undefined) free.set(name, minus(room, requested(pod.spec)));
  }
  return free;
}

/** Whether a pod waits for a node that no scheduler has found. */
export const isUnschedulable = ({ metadata, spec, status }: V1Pod): boolean =>
  spec?.nodeName === undefined &&
  metadata?.deletionTimestamp === undefined &&
  (status?.conditions ?? []).some(({ type, reason }) => type === "PodScheduled" && reason === "Unschedulable");

const nameOf = ({ metadata }: V1Pod): string => metadata?.name ?? "";
/** Not by the rules of a language, which take far longer: a scheduler sorts all that waits in each pass. */
export const byAge = (left: V1Pod, right: V1Pod): number =>
  Number(left.metadata?.creationTimestamp ?? 0) - Number(right.metadata?.creationTimestamp ?? 0) ||
  Number(nameOf(left) > nameOf(right)) - Number(nameOf(left) < nameOf(right));
