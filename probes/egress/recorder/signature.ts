import type { Destination } from "./lines.ts";

/** What an AWS signature says that a request is for: `AWS4-HMAC-SHA256 Credential=…/20260101/eu-west-1/rds/aws4_request, …` (Signature Version 4). */
export function signedFor(authorization: unknown, regionSet?: unknown): Pick<Destination, "service" | "signedRegion"> {
  if (typeof authorization !== "string" || !authorization.startsWith("AWS4-")) return {};
  const [, scope = ""] = /Credential=[^/,]+\/\d{8}\/([^,]+)/.exec(authorization) ?? [];
  const parts = scope.split("/");
  // Version 4A has a set of regions in a header of its own, and none in its scope.
  const [region, service] = authorization.startsWith("AWS4-ECDSA") ? [regionSet, parts[0]] : [parts[0], parts[1]];
  if (!service) return {};
  return { service, ...(typeof region === "string" && region !== "" ? { signedRegion: region } : {}) };
}

/** The number of the try, of `attempt=2; max=3` in `amz-sdk-request`. */
export function attemptOf(header: unknown): Pick<Destination, "attempt"> {
  const [, number] = /attempt=(\d+)/.exec(typeof header === "string" ? header : "") ?? [];
  return number === undefined ? {} : { attempt: Number(number) };
}
