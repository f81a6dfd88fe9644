import type { ClientKind } from "./lines.ts";
import { namesByTtl } from "./names.ts";
import type { LoadPlan } from "./plan.ts";
import type { Answer, Exchange, Wishes } from "./wish.ts";

export interface Request {
  readonly method: Exchange["method"];
  readonly path: string;
  /** Sent as JSON, or as plain text when it is a string. */
  readonly body?: object | string;
  readonly reads?: boolean;
  /** Health checks carry no token. */
  readonly anonymous?: boolean;
}

/** Calls a deployment by name at an address of its own finding. */
export interface Client {
  call(host: string, request: Request): Wishes<Answer>;
}

export function createClient(
  plan: Pick<LoadPlan, "dohUrl" | "port" | "token">,
  kind: ClientKind,
  nowMs: () => number,
): Client {
  const names = namesByTtl(plan.dohUrl, nowMs);
  const troubled = new Set<string>();
  return {
    *call(host, { method, path, body, reads = false, anonymous = false }) {
      const freshly = kind === "fresh" || troubled.has(host);
      const address = names.known(host, freshly) ?? (yield* names.resolve(host));
      if (address === undefined) return { status: 0, error: `no address for ${host}` };
      const headers: Record<string, string> = { Host: host };
      if (!anonymous) headers["Authorization"] = `Bearer ${plan.token}`;
      if (body !== undefined) headers["Content-Type"] = typeof body === "string" ? "text/plain" : "application/json";
      if (kind === "fresh") headers["Connection"] = "close";
      const answer = yield {
        method,
        url: `http://${address}:${plan.port}${path}`,
        headers,
        body: typeof body === "object" ? JSON.stringify(body) : body,
        reads,
      };
      if (answer.status === 0 || answer.status >= 500) troubled.add(host);
      else troubled.delete(host);
      return { ...answer, address };
    },
  };
}
