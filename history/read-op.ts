import { z } from "zod";
import type { Op, Process } from "../harness/types.ts";

const process = z.custom<Process>(
  (value) => typeof value === "string" && /^(run|load|fault|failover|probe)\/./.test(value),
  'expected "role/name" with the role run, load, fault, failover or probe',
);
const common = {
  index: z.int().min(0),
  time: z.number(),
  process,
  f: z.string().min(1),
  value: z.unknown().optional(),
};
const op = z.discriminatedUnion("type", [
  z.object({ ...common, type: z.literal("invoke") }),
  z.object({
    ...common,
    type: z.enum(["ok", "fail", "info"]),
    invoke: z.int().min(0),
    error: z.string().optional(),
  }),
]);

/** The op that a line holds, or what is wrong with the line. */
export function readOp(text: string): Op | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return "not JSON";
  }
  const checked = op.safeParse(parsed);
  // Zod cannot say that an optional key is never present and undefined; parsed JSON never is.
  if (checked.success) return checked.data as Op;
  const [issue] = checked.error.issues;
  return `${issue?.path.join(".") || "line"}: ${issue?.message}`;
}
