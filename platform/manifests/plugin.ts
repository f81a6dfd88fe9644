import type { KubernetesObject, V1Deployment } from "@kubernetes/client-node";
import type { Plugin, PluginSite } from "../plugins/plugin.ts";
import { labelsOf, pluginLabel, wantedReplicas } from "./labels.ts";

/** Where all plugins live, and what tells them of the region they are in. */
export const pluginNamespace = "platform-system";
export const accessSecret = "platform-access";

export interface PluginContext {
  readonly site: PluginSite;
  readonly image: string;
  readonly replicas: number;
}

/** A plugin's own objects and its Deployment. */
export function pluginManifests(plugin: Plugin, context: PluginContext): KubernetesObject[] {
  const { site } = context;
  const env = Object.entries(plugin.env?.(site) ?? {}).map(([name, value]) => ({ name, value: String(value) }));
  return [
    ...(plugin.objects?.(site) ?? []).map(owned),
    pluginDeployment(plugin, { ...context, cluster: site.cluster, env }),
  ];

  function owned(object: KubernetesObject): KubernetesObject {
    const labels = { ...labelsOf(site.cluster, plugin.name), ...object.metadata?.labels };
    return { ...object, metadata: { namespace: pluginNamespace, ...object.metadata, labels } };
  }
}

/** One pod, on the nodes that are there from the beginning: no plugin waits for another to get its node. */
export function pluginDeployment(
  { name, telemetryPort }: Pick<Plugin, "name" | "telemetryPort">,
  {
    cluster,
    image,
    replicas,
    env,
  }: { cluster: string; image: string; replicas: number; env: { name: string; value: string }[] },
): V1Deployment {
  const labels = { ...labelsOf(cluster, name), [pluginLabel]: name };
  const scraped = { "prometheus.io/scrape": "true", "prometheus.io/port": String(telemetryPort) };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: pluginNamespace, labels, annotations: { [wantedReplicas]: String(replicas) } },
    spec: {
      replicas,
      // Two of a kind side by side would do everything twice.
      strategy: { type: "Recreate" },
      selector: { matchLabels: { [pluginLabel]: name } },
      template: {
        metadata: { labels, ...(telemetryPort !== undefined && { annotations: scraped }) },
        spec: {
          containers: [
            {
              name,
              image,
              envFrom: [{ secretRef: { name: accessSecret } }],
              ...(env.length > 0 && { env }),
              ...(telemetryPort !== undefined && { ports: [{ name: "telemetry", containerPort: telemetryPort }] }),
              resources: { requests: { cpu: "50m", memory: "64Mi" } },
            },
          ],
        },
      },
    },
  };
}
