import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { type Aws, awsClients } from "../aws/clients.ts";
import { nowMs } from "../clock.ts";
import type { ResolveAlias } from "../dns-switch.ts";
import { imageNamesOfThisRelease } from "../images.ts";
import { aliasResolver } from "../resolve-alias.ts";
import type { PlatformConfig } from "../settings.ts";
import { apiOf } from "./api.ts";
import { blobsIn } from "./blobs.ts";
import type { Context } from "./context.ts";
import { resumeAll } from "./operations.ts";
import { protectionOf } from "./protection.ts";
import { openStore } from "./store.ts";

export interface ControlPlane extends AsyncDisposable {
  readonly url: string;
  /** Every route that it answers, such as `GET /v1/clusters`, in order. */
  readonly routes: readonly string[];
}

/** Starts the control plane and resumes what an earlier one left unfinished. `aws` and `resolveAlias` stand in for what the configuration would make. */
export async function startControlPlane(
  config: PlatformConfig,
  aws?: Aws,
  resolveAlias?: ResolveAlias,
): Promise<ControlPlane> {
  await using stack = new AsyncDisposableStack();
  const store = stack.use(openStore(config.stateDir));
  const closing = new AbortController();
  const endpoints = Object.entries(config.aws).flatMap(([region, { endpoint }]) =>
    endpoint === undefined ? [] : [[region, endpoint] as const],
  );
  const context: Context = {
    config,
    store,
    aws:
      aws ??
      awsClients({
        endpoints: Object.fromEntries(endpoints),
        globalEndpoint: config.globalEndpoint,
        credentials: config.credentials,
        callWithinMs: config.callWithinMs,
      }),
    resolveAlias: resolveAlias ?? aliasResolver(config.nameServers, config.callWithinMs),
    blobs: blobsIn(store, {
      images: config.images ?? (await imageNamesOfThisRelease()),
      node: config.node,
      health: config.health,
      hostedZone: config.hostedZone,
      s3Endpoint: (region) => config.aws[region]?.endpoint,
      credentials: config.credentials,
    }),
    reports: new Map(),
    checks: new Map(),
    running: new Map(),
    stops: new Map(),
    startedMs: nowMs(),
    patience: {
      everyMs: config.pollEveryMs,
      lookWithinMs: config.callWithinMs * 3,
      withinMs: config.stepWithinMs,
      signal: closing.signal,
    },
  };
  stack.defer(async () => {
    closing.abort();
    await Promise.allSettled(context.running.values());
  });
  const api = apiOf(context);
  const server = createServer(getRequestListener(api.fetch));
  server.keepAliveTimeout = 75_000;
  server.listen(config.listen.port, config.listen.host);
  await once(server, "listening");
  stack.defer(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });
  resumeAll(context);
  const watch = setInterval(() => {
    for (const cluster of store.clusters()) protectionOf(context, cluster);
  }, config.health.everyMs);
  stack.defer(() => clearInterval(watch));
  const { address, port } = server.address() as AddressInfo;
  const owned = stack.move();
  const routes = api.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`);
  return {
    url: `http://${address}:${port}`,
    routes: [...new Set(routes)].toSorted(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
