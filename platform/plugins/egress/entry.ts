import { CoreV1Api } from "@kubernetes/client-node";
import { z } from "zod";
import { kubeConfigOf } from "../../kubernetes/access.ts";
import { gather } from "../../kubernetes/gather.ts";
import { applyAs } from "../../kubernetes/objects.ts";
import { watch } from "../../kubernetes/watch.ts";
import { pluginNamespace } from "../../manifests/plugin.ts";
import { type Container, placeSettings, type RunningPlugin, readEnv } from "../settings.ts";
import { serveTelemetry } from "../telemetry.ts";
import { type Route, routesOf, startProxy } from "./proxy.ts";

const routesMap = "egress-routes";
const gatherMs = 20;

/** The one way out of the region: keeps the table of allowed routes as its manifest says, and lets through by it. */
export async function start({ env, ...place }: Container): Promise<RunningPlugin> {
  const settings = readEnv(
    "egress",
    { ...placeSettings, PROXY_PORT: z.coerce.number().int().min(0).default(3128), ALLOWED: z.string().default("") },
    env,
  );
  const table = settings.ALLOWED.split(/\s+/).join("\n");
  const stopped = new AbortController();
  const { signal } = stopped;
  await using started = new AsyncDisposableStack();
  const telemetry = started.use(await serveTelemetry("egress", place));
  const config = kubeConfigOf(settings);
  const core = config.makeApiClient(CoreV1Api);
  const apply = applyAs(config, "egress");
  let routes: readonly Route[] | undefined;
  started.use(
    await startProxy({
      host: place.podIp,
      port: settings.PROXY_PORT,
      routes: () => routes ?? [],
      onPassage: (passage) => telemetry.log("egress", { ...passage }),
    }),
  );

  const onError = (error: unknown) =>
    telemetry.log("failed", { error: error instanceof Error ? error.message : String(error) });
  const pass = gather(keep, { afterMs: gatherMs, signal, onError });
  const maps = watch(
    config,
    {
      path: `/api/v1/namespaces/${pluginNamespace}/configmaps`,
      list: (by) => core.listNamespacedConfigMap({ namespace: pluginNamespace, ...by }),
      fieldSelector: `metadata.name=${routesMap}`,
      onChange: () => pass.soon(),
    },
    signal,
  );

  /** What somebody else wrote into the table is undone; what is in it then is in force. */
  async function keep(): Promise<void> {
    if (!maps.synced()) return;
    const found = maps.get(routesMap, pluginNamespace)?.data?.["allowed"];
    if (found !== table) {
      const metadata = { name: routesMap, namespace: pluginNamespace };
      const map = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { allowed: table } };
      await apply(map);
      telemetry.log("routes-applied", { found: found ?? null });
    }
    routes = routesOf(table);
  }

  const owned = started.move();
  return {
    ready: () => routes !== undefined,
    async stop() {
      stopped.abort();
      await pass.idle();
      await owned.disposeAsync();
    },
  };
}
