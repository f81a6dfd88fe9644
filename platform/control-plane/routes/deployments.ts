import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { addDeployments, readCluster } from "../clusters.ts";
import type { Context } from "../context.ts";
import { bodyProblems, problems } from "../openapi/problems.ts";
import { deploymentsShown } from "../openapi/schemas.ts";
import { newDeployments } from "../requests.ts";
import { clusterParams, jsonBody, jsonOf } from "./parts.ts";

const tags = ["deployments"];

const list = createRoute({
  method: "get",
  path: "/v1/clusters/{id}/deployments",
  operationId: "listDeployments",
  tags,
  summary: "All deployments of a cluster",
  request: { params: clusterParams },
  responses: { 200: jsonOf(deploymentsShown, "By name."), ...problems({ 404: ["unknown-cluster"] }) },
});

const add = createRoute({
  method: "post",
  path: "/v1/clusters/{id}/deployments",
  operationId: "addDeployments",
  tags,
  summary: "Add deployments, or change those that are there",
  description: "Their names are written to DNS first, then the manifests that start them. Nothing in it is about DR.",
  request: {
    params: clusterParams,
    body: jsonBody(newDeployments, { two: { value: { deployments: [{ name: "dep-01" }, { name: "dep-02" }] } } }),
  },
  responses: {
    201: jsonOf(deploymentsShown, "All deployments of the cluster."),
    ...problems({ ...bodyProblems, 404: ["unknown-cluster"], 409: ["not-active"], 503: ["names-not-written"] }),
  },
});

export function deploymentRoutes(api: OpenAPIHono, context: Context): void {
  api.openapi(list, (c) => {
    const { id } = readCluster(context, c.req.valid("param").id);
    return c.json({ deployments: context.store.deployments(id) }, 200);
  });
  api.openapi(add, async (c) => {
    const { deployments } = c.req.valid("json");
    return c.json({ deployments: await addDeployments(context, c.req.valid("param").id, deployments) }, 201);
  });
}
