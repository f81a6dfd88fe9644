import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "../context.ts";
import { bodyProblems, problems } from "../openapi/problems.ts";
import { tokenMade, tokenShown } from "../openapi/schemas.ts";
import { Problem } from "../problem.ts";
import { newToken } from "../requests.ts";
import { createToken, withoutHash } from "../tokens.ts";
import { jsonBody, jsonOf } from "./parts.ts";

const tags = ["tokens"];
const rootOnly = "Only the configured token may do this.";

const list = createRoute({
  method: "get",
  path: "/v1/tokens",
  operationId: "listTokens",
  tags,
  summary: "All tokens, without their secrets",
  description: rootOnly,
  responses: {
    200: jsonOf(z.strictObject({ tokens: z.array(tokenShown) }), "Oldest first."),
    ...problems({}),
  },
});

const create = createRoute({
  method: "post",
  path: "/v1/tokens",
  operationId: "createToken",
  tags,
  summary: "Create a token",
  description: `The secret is in the answer and nowhere else: only its hash is kept. ${rootOnly}`,
  request: {
    body: jsonBody(newToken, {
      "one who may change": { value: { name: "night shift", role: "operator" } },
      "one who may read": { value: { name: "dashboard", role: "viewer" } },
    }),
  },
  responses: { 201: jsonOf(tokenMade, "The token with its secret."), ...problems(bodyProblems) },
});

const revoke = createRoute({
  method: "delete",
  path: "/v1/tokens/{token}",
  operationId: "revokeToken",
  tags,
  summary: "Revoke a token",
  description: `It opens nothing from now on. ${rootOnly}`,
  request: { params: z.object({ token: z.string().meta({ description: "The token's id, not its secret." }) }) },
  responses: { 204: { description: "Revoked." }, ...problems({ 404: ["unknown-token"] }) },
});

export function tokenRoutes(api: OpenAPIHono, context: Context): void {
  const { store } = context;
  api.openapi(list, (c) => c.json({ tokens: store.tokens().map(withoutHash) }, 200));
  api.openapi(create, (c) => c.json(createToken(context, c.req.valid("json")), 201));
  api.openapi(revoke, (c) => {
    const { token } = c.req.valid("param");
    if (!store.tokens().some(({ id }) => id === token)) {
      throw new Problem(404, "unknown-token", `there is no token ${token}; they are listed at /v1/tokens`);
    }
    store.removeToken(token);
    return c.body(null, 204);
  });
}
