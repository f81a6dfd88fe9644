import type { V1Deployment, V1Pod } from "@kubernetes/client-node";
import type { Check } from "../../../health/check.ts";
import { pluginLabel, wantedReplicas } from "../../../manifests/labels.ts";
import type { Region } from "../region.ts";

/** Every plugin is there and ready, and nothing has other replicas than its manifest says. */
export function checkPlugins(
  { deployments, pods }: Pick<Region, "deployments" | "pods">,
  wanted: readonly string[],
): Check {
  const all = deployments.list();
  const byName = new Map(all.map((one) => [one.metadata?.labels?.[pluginLabel] ?? "", one]));
  const broken = [
    ...all.flatMap(rescaled),
    ...wanted.flatMap((name) => {
      const found = byName.get(name);
      if (found === undefined) return [`${name} is missing`];
      return isReady(found) ? [] : [`${name} is not ready${whyOf(name, pods.list())}`];
    }),
  ];
  if (broken.length > 0) return { name: "plugins", ok: false, detail: broken.join("; ") };
  return { name: "plugins", ok: true, detail: `${wanted.length} plugins are as they should be` };
}

function rescaled({ metadata, spec }: V1Deployment): string[] {
  const wanted = metadata?.annotations?.[wantedReplicas];
  const is = spec?.replicas ?? 1;
  if (wanted === undefined || Number(wanted) === is) return [];
  return [`${metadata?.name} has ${is} replicas where its manifest says ${wanted}`];
}

function isReady({ spec, status }: V1Deployment): boolean {
  const replicas = spec?.replicas ?? 1;
  return replicas === 0 ? (status?.replicas ?? 0) === 0 : (status?.readyReplicas ?? 0) >= replicas;
}

/** What its pod waits for, as Kubernetes says it. */
function whyOf(plugin: string, pods: readonly V1Pod[]): string {
  const [pod] = pods.filter(({ metadata }) => metadata?.labels?.[pluginLabel] === plugin);
  if (pod === undefined) return ": it has no pod";
  const { containerStatuses = [], conditions = [] } = pod.status ?? {};
  const waiting = containerStatuses.find(({ state }) => state?.waiting !== undefined)?.state?.waiting;
  const unplaced = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  const why = waiting?.message ?? waiting?.reason ?? unplaced?.message;
  return why === undefined ? "" : `: ${why}`;
}
