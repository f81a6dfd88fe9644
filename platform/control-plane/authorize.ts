import type { MiddlewareHandler } from "hono";
import type { Context } from "./context.ts";
import { Problem } from "./problem.ts";
import { type Caller, callerOf } from "./tokens.ts";

const reading = new Set(["GET", "HEAD"]);

/** Lets a request on when its bearer token allows it: 401 when nobody is known by it, 403 when that one may not do this. */
export function authorized(context: Context): MiddlewareHandler {
  return async ({ req }, next) => {
    const [, secret] = /^Bearer +(\S+)$/i.exec(req.header("authorization") ?? "") ?? [];
    const caller = secret === undefined ? undefined : callerOf(context, secret);
    if (caller === undefined) throw unauthorized(secret !== undefined);
    const refusal = refusalOf(caller, req.method, req.path);
    if (refusal !== undefined) throw new Problem(403, "forbidden", refusal);
    return next();
  };
}

function unauthorized(given: boolean): Problem {
  const challenge = `Bearer realm="control plane"${given ? ', error="invalid_token"' : ""}`;
  const detail = given
    ? "this token is not known here, or was revoked; ask whoever runs the control plane for another"
    : "send a token: the header `Authorization: Bearer …`";
  return new Problem(401, "unauthorized", detail, { "www-authenticate": challenge });
}

/** Why the caller may not do this, or undefined. */
function refusalOf(caller: Caller, method: string, path: string): string | undefined {
  if (caller.role === "root") return undefined;
  if (caller.role === "reconciler") {
    const own = `/v1/clusters/${caller.cluster}/`;
    const [, what] = path.startsWith(own) ? (/^(manifests\/[^/]+|reports)$/.exec(path.slice(own.length)) ?? []) : [];
    return what === undefined
      ? `the key of cluster ${caller.cluster} is for its reconcilers: it opens ${own}manifests/… and ${own}reports, nothing else`
      : undefined;
  }
  if (path.startsWith("/v1/tokens")) return "tokens are created and revoked with the configured token only";
  if (/^\/v1\/clusters\/[^/]+\/keys$/.test(path) && caller.role === "viewer") return "a viewer may not read keys";
  if (caller.role === "viewer" && !reading.has(method)) {
    return `the token "${caller.name}" may read only; use one whose role is operator`;
  }
  return undefined;
}
