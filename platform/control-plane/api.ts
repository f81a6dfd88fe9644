import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { addConsole } from "../console/console.ts";
import { authorized } from "./authorize.ts";
import type { Context } from "./context.ts";
import { serveDocument } from "./openapi/document.ts";
import { invalidBody, Problem } from "./problem.ts";
import { clusterRoutes } from "./routes/clusters.ts";
import { deploymentRoutes } from "./routes/deployments.ts";
import { operationRoutes } from "./routes/operations.ts";
import { reconcilerRoutes } from "./routes/reconcilers.ts";
import { tokenRoutes } from "./routes/tokens.ts";

const maxBodyBytes = 1_048_576;
const bodied = new Set(["POST", "PATCH", "PUT"]);

/** The control plane's HTTP API, and its description at `/openapi.json`. */
export function apiOf(context: Context): OpenAPIHono {
  const api = new OpenAPIHono({
    // A body that is JSON was parsed and kept before this, so asking for it again costs nothing.
    defaultHook: async (result, { req }) => {
      if (!result.success) throw invalidBody(result.error, await req.json());
    },
  });
  api.onError((error, { req }) =>
    (error instanceof Problem ? error : new Problem(500, "internal", error.message)).toResponse(req.path),
  );
  api.notFound(({ req }) => nothingAt(api, req.method, req.path).toResponse(req.path));
  api.use("/v1/*", authorized(context));
  api.use("/v1/*", bodyLimit({ maxSize: maxBodyBytes, onError: tooLarge }));
  api.use("/v1/*", async ({ req }, next) => {
    if (!bodied.has(req.method)) return next();
    try {
      await req.json();
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      throw new Problem(400, "malformed-body", `the body is not JSON: ${because}`);
    }
    // It is JSON, whatever it is called: curl calls what it sends a form.
    req.raw.headers.set("content-type", "application/json");
    return next();
  });
  addConsole(api, context);
  clusterRoutes(api, context);
  operationRoutes(api, context);
  deploymentRoutes(api, context);
  reconcilerRoutes(api, context);
  tokenRoutes(api, context);
  serveDocument(api);
  return api;
}

function tooLarge(): never {
  throw new Problem(413, "too-large", `a body may have ${maxBodyBytes} bytes at most; send it in several parts`, {
    // The rest of the body is still under way: this connection is of no more use.
    connection: "close",
  });
}

/** The path is unknown, or known with other methods only. */
function nothingAt({ routes }: OpenAPIHono, method: string, path: string): Problem {
  const allowed = new Set(
    routes
      .filter((route) => route.method !== "ALL" && pattern(route.path).test(path))
      .flatMap((route) => (route.method === "GET" ? ["GET", "HEAD"] : [route.method])),
  );
  if (allowed.size === 0) {
    return new Problem(404, "unknown-path", `there is nothing at ${path}; /openapi.json describes what there is`);
  }
  const allow = [...allowed].join(", ");
  return new Problem(405, "method-not-allowed", `${method} is not offered at ${path}; there is ${allow}`, { allow });
}

const pattern = (path: string): RegExp => new RegExp(`^${path.replaceAll(/:[^/]+/g, "[^/]+")}$`);
