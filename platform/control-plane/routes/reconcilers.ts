import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { nowMs, pause } from "../../clock.ts";
import type { Cluster } from "../../cluster.ts";
import { type Variant, variantOf } from "../../manifests/dr.ts";
import { readCluster } from "../clusters.ts";
import { type Context, reportKey } from "../context.ts";
import { bodyProblems, problems } from "../openapi/problems.ts";
import { manifestShown } from "../openapi/schemas.ts";
import { Problem } from "../problem.ts";
import { newReport } from "../requests.ts";
import { clusterParams, etag, jsonBody, jsonOf } from "./parts.ts";

/** The longest that a reconciler may wait for a change. */
const manifestWaitMs = 30_000;

/** For a region that was given up and came back all the same: whatever still runs there has to go. */
const nothing = { etag: '"nothing"', body: JSON.stringify({ variant: "primary", objects: [] }) };

const tags = ["reconcilers"];

const manifest = createRoute({
  method: "get",
  path: "/v1/clusters/{id}/manifests/{region}",
  operationId: "readManifest",
  tags,
  summary: "What a region should run",
  description:
    "The manifests of one region; which of the two variants that is, the server knows. With `If-None-Match` and `Prefer: wait=20` the answer is held until it changes, 30 seconds at most. The cluster's own key opens it.",
  request: {
    params: clusterParams.extend({ region: z.string().meta({ example: "us-west-2" }) }),
    headers: z.object({
      "if-none-match": z.string().optional().meta({ description: "The tag that is known already." }),
      prefer: z.string().optional().meta({ description: "How long the answer may be held.", example: "wait=20" }),
    }),
  },
  responses: {
    200: { ...jsonOf(manifestShown, "The manifests."), headers: etag },
    304: { description: "They are as known.", headers: etag },
    ...problems({ 404: ["unknown-cluster", "unknown-region", "no-manifest"] }),
  },
});

const report = createRoute({
  method: "post",
  path: "/v1/clusters/{id}/reports",
  operationId: "report",
  tags,
  summary: "Tell a region's state",
  description:
    "What a reconciler sends each second, and a region's health reporter each few. The cluster's own key opens it.",
  request: {
    params: clusterParams,
    body: jsonBody(newReport, {
      "all well": {
        value: { region: "us-east-2", applied: '"3f2a"', deployments: [{ name: "dep-01", ready: true }], problems: [] },
      },
      "an image is missing": {
        value: {
          region: "us-west-2",
          checks: [{ name: "images", ok: false, detail: "the registry answers 404 for airflow-runtime" }],
        },
      },
    }),
  },
  responses: {
    204: { description: "Heard." },
    ...problems({ ...bodyProblems, 404: ["unknown-cluster", "unknown-region"] }),
  },
});

export function reconcilerRoutes(api: OpenAPIHono, context: Context): void {
  const { blobs, reports, checks } = context;
  api.openapi(manifest, async (c) => {
    const { id, region } = c.req.valid("param");
    const { "if-none-match": known = "", prefer = "" } = c.req.valid("header");
    const cluster = readCluster(context, id);
    const seconds = Number(/(?:^|[,;\s])wait=(\d+)/.exec(prefer)?.[1] ?? 0);
    const waitMs = Math.min(seconds * 1_000, manifestWaitMs);
    const { signal } = c.req.raw;
    const next = async () => {
      if (!cluster.abandoned_regions.includes(region)) {
        return blobs.next(id, variantIn(cluster, region), known, waitMs, signal);
      }
      if (known === nothing.etag) await pause(waitMs, signal);
      return nothing;
    };
    const blob = await next();
    if (blob === undefined) {
      throw new Problem(404, "no-manifest", `cluster ${id} has no manifest for ${region} yet; wait until it is active`);
    }
    if (blob.etag === known) return c.body(null, 304, { etag: blob.etag });
    return c.body(blob.body, 200, { etag: blob.etag, "content-type": "application/json" });
  });
  api.openapi(report, (c) => {
    const cluster = readCluster(context, c.req.valid("param").id);
    const told = c.req.valid("json");
    variantIn(cluster, told.region);
    const key = reportKey(cluster.id, told.region);
    if ("checks" in told) checks.set(key, { ...told, heardMs: nowMs() });
    else reports.set(key, { ...told, heardMs: nowMs() });
    return c.body(null, 204);
  });
}

function variantIn(cluster: Cluster, region: string): Variant {
  const variant = variantOf(cluster, region);
  if (variant !== undefined) return variant;
  const own = cluster.dr_region === null ? cluster.region : `${cluster.region} and ${cluster.dr_region}`;
  throw new Problem(404, "unknown-region", `cluster ${cluster.id} is not in ${region}; it is in ${own}`);
}
