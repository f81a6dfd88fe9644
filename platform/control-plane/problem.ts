import type { z } from "zod";

/** An answer that says no and how to go on: thrown anywhere below a route, sent as a problem document (RFC 9457). */
export class Problem extends Error {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 500 | 503;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: Problem["status"], code: string, detail: string, headers: Problem["headers"] = {}) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
  /** `instance` is the path that was asked for. */
  toResponse(instance: string): Response {
    const { status, code, message: detail, headers } = this;
    const body = { type: `/problems/${code}`, title: titleOf(code), status, detail, instance };
    return Response.json(body, { status, headers: { ...headers, "content-type": "application/problem+json" } });
  }
}

/** `no-dr` is "No DR". */
function titleOf(code: string): string {
  const words = code.replaceAll("-", " ").replaceAll(/\bdr\b/g, "DR");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** Keys whose value no answer may repeat. */
const secretKeys = new Set(["password", "token"]);

/** A problem that names each wrong key, what is wrong with it and what was given there. */
export function invalidBody({ issues }: z.core.$ZodError, given: unknown): Problem {
  const said = issues.map(({ path, message }) => {
    const key = path.map(String).join(".");
    if (key === "") return `the body: ${message}`;
    const value = path.reduce<unknown>((at, name) => Object(at)[name], given);
    const repeated = value === undefined || secretKeys.has(String(path.at(-1))) ? "" : ` (given: ${short(value)})`;
    return `${key}: ${message}${repeated}`;
  });
  return new Problem(422, "invalid-body", said.join("; "));
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
