import { z } from "zod";
import type { Line } from "./model/lines.ts";

const wall = z.number();
const shapes: Readonly<Record<Line[0], z.ZodType<Line>>> = {
  hello: z.tuple([z.literal("hello"), wall]),
  h: z.tuple([
    z.literal("h"),
    z.int(),
    wall,
    z.number(),
    z.int(),
    z.union([z.literal(0), z.literal(1)]),
    z.number(),
    z.int(),
  ]),
  t: z.tuple([
    z.literal("t"),
    z.enum(["start", "finish", "killed", "refused", "lost-ack"]),
    z.enum(["ok", "fail", "info"]),
    z.int(),
    wall,
    wall,
    z.string(),
    z.int(),
    z.string(),
    z.string(),
  ]),
  p: z.tuple([z.literal("p"), z.int(), wall, z.string()]),
  u: z.tuple([z.literal("u"), z.enum(["fresh", "sticky"]), wall, z.number(), z.int()]),
  bye: z.tuple([z.literal("bye"), z.int(), z.array(z.string())]),
};

/** An engine's line, or undefined for anything else that a process may print. */
export function parseLine(text: string): Line | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const words: unknown = JSON.parse(text);
    if (!Array.isArray(words) || !Object.hasOwn(shapes, words[0])) return undefined;
    const parsed = shapes[words[0] as Line[0]].safeParse(words);
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
