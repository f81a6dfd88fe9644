import { z } from "zod";
import type { Environment } from "../harness/types.ts";

const listed = z.object({ items: z.array(z.unknown()) });

/** Lists a kind in a region's Kubernetes API, read as plain JSON: typed clients cost more than the look is worth. */
export async function listIn<T>(
  environment: Environment,
  region: string,
  { path, shape, only = "whole" }: { path: string; shape: z.ZodType<T>; only?: "whole" | "metadata" },
  signal: AbortSignal,
): Promise<readonly T[]> {
  const { server, token } = environment.kubernetes(region);
  const accept =
    only === "metadata" ? "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1" : "application/json";
  const reply = await fetch(`${server}${path}`, { headers: { authorization: `Bearer ${token}`, accept }, signal });
  const text = await reply.text();
  if (!reply.ok) throw Object.assign(new Error(text.slice(0, 200)), { code: `HTTP_${reply.status}` });
  return listed.parse(JSON.parse(text)).items.map((item) => shape.parse(item));
}
