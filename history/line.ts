import type { Op } from "../harness/types.ts";

/** An op as one line of a journal. A value that JSON cannot hold is replaced by the reason: what happened matters more than how it was told. */
export function line(op: Op): string {
  try {
    return `${JSON.stringify(op)}\n`;
  } catch (error) {
    const unwritable = error instanceof Error ? error.message : String(error);
    return `${JSON.stringify({ ...op, value: { unwritable } })}\n`;
  }
}
