import type { KubeConfig, V1ConfigMap } from "@kubernetes/client-node";
import type { Check, CheckName } from "../health/check.ts";
import { applyAs } from "../kubernetes/objects.ts";
import { pluginNamespace } from "../manifests/plugin.ts";

/** Marks a ConfigMap in which a plugin tells how one of its region's checks stands. */
export const checkLabel = "airflow.platform/check";

/** Tells a check to the region's health reporter, when it is another than was told last. */
export function checkTeller(config: KubeConfig, plugin: string): (check: Check) => Promise<void> {
  const apply = applyAs(config, plugin);
  let told = "";
  return async ({ name, ok, detail }) => {
    const data = { ok: String(ok), detail };
    if (JSON.stringify(data) === told) return;
    const metadata = { name: `check-${name}`, namespace: pluginNamespace, labels: { [checkLabel]: name } };
    const map: V1ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
    await apply(map);
    told = JSON.stringify(data);
  };
}

/** The check as its plugin told it last. */
export function toldCheck(name: CheckName, maps: readonly V1ConfigMap[]): Check {
  const data = maps.find(({ metadata }) => metadata?.labels?.[checkLabel] === name)?.data;
  if (data === undefined) return { name, ok: false, detail: "nobody has looked yet" };
  return { name, ok: data["ok"] === "true", detail: data["detail"] ?? "" };
}
