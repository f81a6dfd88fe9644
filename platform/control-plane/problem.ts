import { STATUS_CODES } from "node:http";
import type { z } from "zod";

/** An answer that says no and how to go on: thrown anywhere below a route, sent as a problem document (RFC 9457). */
export class Problem extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 422 | 500 | 503;
  readonly code: string;
  constructor(status: Problem["status"], code: string, detail: string) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
  }
  toResponse(): Response {
    const { status, code, message: detail } = this;
    const body = { type: `/problems/${code}`, title: STATUS_CODES[status], status, detail };
    return Response.json(body, { status, headers: { "content-type": "application/problem+json" } });
  }
}

/** The request's body as the schema says; a problem that names every wrong key otherwise. */
export async function parseBody<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  let given: unknown;
  try {
    given = await request.json();
  } catch {
    throw new Problem(400, "malformed-body", "the body is not JSON");
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  throw new Problem(422, "invalid-body", said.join("; "));
}
