import { STATUS_CODES } from "node:http";
import type { z } from "zod";
import type { Reply } from "./router.ts";

/** An answer that says no: thrown by a route, sent as a problem document (RFC 9457). */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.name = "Refused";
    this.status = status;
  }
}

export function problem(status: number, detail: string): Reply {
  return { status, body: { type: "about:blank", title: STATUS_CODES[status], status, detail } };
}

/** The body as the schema says, or a 422 that names what is wrong with it. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    throw new Refused(400, "the body is not JSON");
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`);
  throw new Refused(422, said.join("; "));
}
