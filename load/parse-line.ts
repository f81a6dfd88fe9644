import { z } from "zod";
import type { Line } from "./model/lines.ts";

const wall = z.number();
const line = z.union([
  z.tuple([z.literal("hello"), wall]),
  z.tuple([
    z.literal("h"),
    z.int(),
    wall,
    z.number(),
    z.int(),
    z.union([z.literal(0), z.literal(1)]),
    z.number(),
    z.int(),
  ]),
  z.tuple([
    z.literal("t"),
    z.enum(["start", "finish", "killed", "refused", "lost-ack"]),
    z.enum(["ok", "fail", "info"]),
    z.int(),
    wall,
    wall,
    z.string(),
    z.int(),
    z.string(),
  ]),
  z.tuple([z.literal("p"), z.int(), wall, z.string()]),
  z.tuple([z.literal("u"), z.enum(["fresh", "sticky"]), wall, z.number(), z.int()]),
  z.tuple([z.literal("bye"), z.int(), z.array(z.string())]),
]);

/** An engine's line, or undefined for anything else that a process may print. */
export function parseLine(text: string): Line | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const parsed = line.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
