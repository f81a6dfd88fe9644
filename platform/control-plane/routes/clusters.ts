import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { within } from "../../clock.ts";
import { abandonRegion, changeCluster } from "../changes.ts";
import { createCluster, readCluster, readHealth } from "../clusters.ts";
import type { Context } from "../context.ts";
import { bodyProblems, problems } from "../openapi/problems.ts";
import { clusterShown, healthShown, keysShown, operationShown } from "../openapi/schemas.ts";
import { clusterChange, newCluster } from "../requests.ts";
import { shown } from "../shown.ts";
import { clusterParams, jsonBody, jsonOf, location } from "./parts.ts";

/** How long a create waits for the cluster before it answers with one that is still being made. */
const createWaitMs = 60_000;

const tags = ["clusters"];

const list = createRoute({
  method: "get",
  path: "/v1/clusters",
  operationId: "listClusters",
  tags,
  summary: "All clusters",
  responses: { 200: jsonOf(z.strictObject({ clusters: z.array(clusterShown) }), "By name."), ...problems({}) },
});

const create = createRoute({
  method: "post",
  path: "/v1/clusters",
  operationId: "createCluster",
  tags,
  summary: "Create a cluster",
  description:
    "Writes the record and makes everything the cluster needs, in both regions when `dr_region` is given. Answers when the cluster stands, or after a minute with one that is still `creating`: follow its `operation` then. One that could not be made (`failed`) may be asked for again by the same name.",
  request: {
    body: jsonBody(newCluster, {
      "with DR": { value: { name: "acme", region: "us-east-2", dr_region: "us-west-2" } },
      "with networks of its own": {
        value: {
          name: "acme",
          region: "us-east-2",
          dr_region: "us-west-2",
          network: { cidr: "10.20.0.0/16", dr_cidr: "10.21.0.0/16" },
        },
      },
    }),
  },
  responses: {
    201: { ...jsonOf(clusterShown, "The cluster."), headers: location },
    ...problems({
      ...bodyProblems,
      409: ["cluster-exists"],
      422: ["invalid-body", "unknown-region", "same-region", "overlapping-cidrs"],
    }),
  },
});

const read = createRoute({
  method: "get",
  path: "/v1/clusters/{id}",
  operationId: "readCluster",
  tags,
  summary: "One cluster",
  request: { params: clusterParams },
  responses: { 200: jsonOf(clusterShown, "The cluster."), ...problems({ 404: ["unknown-cluster"] }) },
});

const change = createRoute({
  method: "patch",
  path: "/v1/clusters/{id}",
  operationId: "changeCluster",
  tags,
  summary: "Fail over, fail back, enable DR, lift the bound of loss, or need us-east-1 no more",
  description:
    "Names one thing to change. The record is written at once; the operation brings it about, and is followed at the address in `Location`.",
  request: {
    params: clusterParams,
    body: jsonBody(clusterChange, {
      "fail over": { value: { is_failed_over: true } },
      "fail back": { value: { is_failed_over: false } },
      "go back, because the second region is lost in its turn": {
        value: { is_failed_over: false, allow_data_loss: true },
      },
      "enable DR": { value: { dr_region: "us-west-2" } },
      "lift the bound of loss": { value: { loss_bound: "suspended" } },
      "switch by a health check": { value: { dns_strategy: "health-check" } },
      "keep the standby warm": { value: { standby_compute: "warm" } },
    }),
  },
  responses: {
    202: {
      ...jsonOf(z.strictObject({ operation: operationShown }), "The operation that was begun."),
      headers: location,
    },
    ...problems({
      ...bodyProblems,
      404: ["unknown-cluster"],
      409: [
        "no-dr",
        "has-dr",
        "not-active",
        "operation-running",
        "already-failed-over",
        "not-failed-over",
        "region-unreachable",
        "not-rebuilt",
        "not-in-sync",
        "region-abandoned",
        "no-loss-bound",
      ],
      422: ["invalid-body", "unknown-region", "same-region", "overlapping-cidrs"],
      503: ["database-unknown"],
    }),
  },
});

const abandon = createRoute({
  method: "delete",
  path: "/v1/clusters/{id}/regions/{region}",
  operationId: "abandonRegion",
  tags,
  summary: "Give up a region that never returns",
  description:
    "Removes the region's database from the global cluster and the region from the record; the cluster goes on in its other region, unprotected, until it is given a new `dr_region`. Nothing that runs is touched. Only for a region that the cluster does not live in now.",
  request: { params: clusterParams.extend({ region: z.string().meta({ example: "us-east-2" }) }) },
  responses: {
    202: {
      ...jsonOf(z.strictObject({ operation: operationShown }), "The operation that was begun."),
      headers: location,
    },
    ...problems({
      404: ["unknown-cluster", "unknown-region"],
      409: ["not-active", "operation-running", "region-active"],
    }),
  },
});

const health = createRoute({
  method: "get",
  path: "/v1/clusters/{id}/health",
  operationId: "readHealth",
  tags,
  summary: "Health of both regions",
  description: "Each region by its own reports: silence is the only sign that a lost region gives.",
  request: { params: clusterParams },
  responses: { 200: jsonOf(healthShown, "Health now."), ...problems({ 404: ["unknown-cluster"] }) },
});

const keys = createRoute({
  method: "get",
  path: "/v1/clusters/{id}/keys",
  operationId: "readKeys",
  tags,
  summary: "The cluster's own secrets",
  request: { params: clusterParams },
  responses: { 200: jsonOf(keysShown, "Its keys."), ...problems({ 404: ["unknown-cluster"] }) },
});

export function clusterRoutes(api: OpenAPIHono, context: Context): void {
  const { store, running } = context;
  api.openapi(list, (c) => c.json({ clusters: store.clusters().map((cluster) => shown(context, cluster)) }, 200));
  api.openapi(create, async (c) => {
    const operation = createCluster(context, c.req.valid("json"));
    await within(createWaitMs, "provisioning", running.get(operation.id) ?? Promise.resolve()).catch(() => undefined);
    const cluster = readCluster(context, operation.cluster);
    return c.json(shown(context, cluster), 201, { location: `/v1/clusters/${cluster.id}` });
  });
  api.openapi(read, (c) => c.json(shown(context, readCluster(context, c.req.valid("param").id)), 200));
  api.openapi(change, async (c) => {
    const operation = await changeCluster(context, c.req.valid("param").id, c.req.valid("json"));
    return c.json({ operation }, 202, {
      location: `/v1/clusters/${operation.cluster}/operations/${operation.id}`,
    });
  });
  api.openapi(abandon, (c) => {
    const { id, region } = c.req.valid("param");
    const operation = abandonRegion(context, id, region);
    return c.json({ operation }, 202, { location: `/v1/clusters/${id}/operations/${operation.id}` });
  });
  api.openapi(health, (c) => c.json(readHealth(context, c.req.valid("param").id), 200));
  api.openapi(keys, (c) => {
    const { id, airflow } = readCluster(context, c.req.valid("param").id);
    return c.json({ reconciler: store.key(id) ?? "", deployments: airflow.token }, 200);
  });
}
