import type { Op } from "../harness/types.ts";
import { chained } from "./chain.ts";

/** Ops as the lines of one journal, in the order in which they are asked for: each carries a hash over itself and all before it. */
export function lines(): (op: Op) => string {
  let previous = "";
  return (op) => {
    const { text, hash } = chained(previous, json(op));
    previous = hash;
    return `${text}\n`;
  };
}

/** A value that JSON cannot hold is replaced by the reason: what happened matters more than how it was told. */
function json(op: Op): string {
  try {
    return JSON.stringify(op);
  } catch (error) {
    const unwritable = error instanceof Error ? error.message : String(error);
    return JSON.stringify({ ...op, value: { unwritable } });
  }
}
