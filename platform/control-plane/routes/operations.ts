import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { readCluster } from "../clusters.ts";
import type { Context } from "../context.ts";
import { problems } from "../openapi/problems.ts";
import { operationShown } from "../openapi/schemas.ts";
import { Problem } from "../problem.ts";
import { clusterParams, jsonOf } from "./parts.ts";

const tags = ["operations"];

const list = createRoute({
  method: "get",
  path: "/v1/clusters/{id}/operations",
  operationId: "listOperations",
  tags,
  summary: "All operations of a cluster",
  request: { params: clusterParams },
  responses: {
    200: jsonOf(z.strictObject({ operations: z.array(operationShown) }), "Oldest first."),
    ...problems({ 404: ["unknown-cluster"] }),
  },
});

const read = createRoute({
  method: "get",
  path: "/v1/clusters/{id}/operations/{operation}",
  operationId: "readOperation",
  tags,
  summary: "How far an operation is",
  description: "Ask again each second or so until its `state` is no longer `running`.",
  request: { params: clusterParams.extend({ operation: z.string().meta({ description: "The operation's id." }) }) },
  responses: {
    200: jsonOf(operationShown, "The operation with its steps."),
    ...problems({ 404: ["unknown-cluster", "unknown-operation"] }),
  },
});

export function operationRoutes(api: OpenAPIHono, context: Context): void {
  const { store } = context;
  api.openapi(list, (c) =>
    c.json({ operations: store.operations(readCluster(context, c.req.valid("param").id).id) }, 200),
  );
  api.openapi(read, (c) => {
    const { id, operation } = c.req.valid("param");
    const found = store.operation(readCluster(context, id).id, operation);
    if (found === undefined) {
      throw new Problem(
        404,
        "unknown-operation",
        `cluster ${id} has no operation ${operation}; its operations are listed at /v1/clusters/${id}/operations`,
      );
    }
    return c.json(found, 200);
  });
}
