import { z } from "@hono/zod-openapi";

/** Pieces that several routes are described with. */
export const clusterParams = z.object({
  id: z.string().meta({ description: "The cluster's id, which is its name.", example: "acme" }),
});

export const jsonOf = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

export const jsonBody = <Schema extends z.ZodType>(
  schema: Schema,
  examples: Readonly<Record<string, { readonly value: unknown }>>,
) => ({ required: true, content: { "application/json": { schema, examples } } });

const text = { schema: { type: "string" as const } };
export const location = { Location: { description: "Where it can be read.", ...text } };
export const etag = { ETag: { description: "Changes with the content.", ...text } };
