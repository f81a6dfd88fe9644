import { timingSafeEqual } from "node:crypto";
import { Hono, type MiddlewareHandler } from "hono";
import { nowMs, within } from "../clock.ts";
import type { Cluster } from "../cluster.ts";
import { type Variant, variants } from "../manifests/dr.ts";
import { addDeployments, changeCluster, createCluster, readCluster, readHealth } from "./clusters.ts";
import { type Context, reportKey } from "./context.ts";
import { latestOperation } from "./operations.ts";
import { Problem, parseBody } from "./problem.ts";
import { clusterChange, newCluster, newDeployments, newReport } from "./requests.ts";

/** How long a create waits for the cluster before it answers with one that is still being made. */
const createWaitMs = 60_000;
/** The longest that a reconciler may wait for a change. */
const manifestWaitMs = 30_000;

/** The control plane's HTTP API. */
export function apiOf(context: Context): Hono {
  const { store, blobs, reports, running } = context;
  const api = new Hono();
  api.onError((error) => {
    if (error instanceof Problem) return error.toResponse();
    return new Problem(500, "internal", error.message).toResponse();
  });
  api.notFound(({ req }) => new Problem(404, "unknown-path", `there is nothing at ${req.path}`).toResponse());
  api.use("/v1/*", authorized(context));

  api.get("/v1/clusters", (c) => c.json({ clusters: store.clusters().map((cluster) => shown(context, cluster)) }));
  api.post("/v1/clusters", async (c) => {
    const operation = createCluster(context, await parseBody(c.req.raw, newCluster));
    await within(createWaitMs, "provisioning", running.get(operation.id) ?? Promise.resolve()).catch(() => undefined);
    const cluster = readCluster(context, operation.cluster);
    return c.json(shown(context, cluster), 201, { location: `/v1/clusters/${cluster.id}` });
  });
  api.get("/v1/clusters/:id", (c) => c.json(shown(context, readCluster(context, c.req.param("id")))));
  api.patch("/v1/clusters/:id", async (c) => {
    const change = await parseBody(c.req.raw, clusterChange);
    const operation = changeCluster(context, c.req.param("id"), change);
    return c.json({ operation }, 202, { location: `/v1/clusters/${operation.cluster}/operations/${operation.id}` });
  });
  api.get("/v1/clusters/:id/keys", (c) => {
    const { id, airflow } = readCluster(context, c.req.param("id"));
    return c.json({ reconciler: store.key(id), deployments: airflow.token });
  });
  api.get("/v1/clusters/:id/operations", (c) =>
    c.json({ operations: store.operations(readCluster(context, c.req.param("id")).id) }),
  );
  api.get("/v1/clusters/:id/operations/:operation", (c) => {
    const { id, operation } = c.req.param();
    const found = store.operation(readCluster(context, id).id, operation);
    if (found === undefined) throw new Problem(404, "unknown-operation", `cluster ${id} has no operation ${operation}`);
    return c.json(found);
  });
  api.get("/v1/clusters/:id/health", (c) => c.json(readHealth(context, c.req.param("id"))));
  api.get("/v1/clusters/:id/deployments", (c) =>
    c.json({ deployments: store.deployments(readCluster(context, c.req.param("id")).id) }),
  );
  api.post("/v1/clusters/:id/deployments", async (c) => {
    const { deployments } = await parseBody(c.req.raw, newDeployments);
    return c.json({ deployments: await addDeployments(context, c.req.param("id"), deployments) }, 201);
  });
  api.get("/v1/clusters/:id/manifests/:variant", async (c) => {
    const { id } = readCluster(context, c.req.param("id"));
    const variant = knownVariant(c.req.param("variant"));
    const known = c.req.header("if-none-match") ?? "";
    const seconds = Number(/(?:^|[,;\s])wait=(\d+)/.exec(c.req.header("prefer") ?? "")?.[1] ?? 0);
    const waitMs = Math.min(seconds * 1_000, manifestWaitMs);
    const blob = await blobs.next(id, variant, known, waitMs, c.req.raw.signal);
    if (blob === undefined) throw new Problem(404, "no-manifest", `cluster ${id} has no ${variant} manifest yet`);
    if (blob.etag === known) return c.body(null, 304, { etag: blob.etag });
    return c.body(blob.body, 200, { etag: blob.etag, "content-type": "application/json" });
  });
  api.post("/v1/clusters/:id/reports", async (c) => {
    const { id } = readCluster(context, c.req.param("id"));
    const report = await parseBody(c.req.raw, newReport);
    reports.set(reportKey(id, report.region), { ...report, heardMs: nowMs() });
    return c.body(null, 204);
  });
  return api;
}

function knownVariant(given: string): Variant {
  const found = variants.find((variant) => variant === given);
  if (found === undefined) {
    throw new Problem(404, "unknown-variant", `there is no variant ${given}; there are ${variants.join(", ")}`);
  }
  return found;
}

/** The record as it is shown: without its secrets, with its latest operation. */
function shown(context: Context, { database, airflow: _, ...cluster }: Cluster) {
  const latest = latestOperation(context, cluster.id);
  return { ...cluster, database: { user: database.user, name: database.name }, operation: latest?.id ?? null };
}

/** The platform's token may do everything; a cluster's own key only what its reconcilers do. */
function authorized({ config, store }: Context): MiddlewareHandler {
  return async ({ req }, next) => {
    const given = req.header("authorization") ?? "";
    const [, id, what] = /^\/v1\/clusters\/([^/]+)\/(manifests\/[^/]+|reports)$/.exec(req.path) ?? [];
    const key = id === undefined || what === undefined ? undefined : store.key(id);
    if (same(given, `Bearer ${config.token}`) || (key !== undefined && same(given, `Bearer ${key}`))) return next();
    throw new Problem(401, "unauthorized", "the Authorization header must carry a bearer token that is valid here");
  };
}

function same(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
