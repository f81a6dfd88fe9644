import { z } from "zod";
import { Refused } from "../http/refused.ts";
import type { Page } from "../records.ts";

const page = z.object({
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
  offset: z.coerce.number().int().min(0).default(0),
});

/** Which part of a listing is asked for; a 422 that says what is wrong with it. */
export function pageOf(query: URLSearchParams): Page {
  const parsed = page.safeParse(Object.fromEntries(query));
  if (!parsed.success) throw new Refused(422, parsed.error.issues.map(({ message }) => message).join("; "));
  return parsed.data;
}
