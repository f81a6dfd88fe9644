import { hash } from "node:crypto";

/**
 * What links the lines of a history: each line ends with a hash over the hash of the line before it and over itself, so the last one stands
 * for all. It is the first 128 bits of a SHA-256, in hex.
 */
export const hashDigits = 32;

/** Where a history ends. */
export interface Head {
  /** Its number of lines. */
  readonly ops: number;
  /** The hash of the last of them; empty when there is none. */
  readonly hash: string;
}

const before = ',"hash":"';
const after = '"}';

/** The hash of a line whose text without its hash, and without the brace that closes it, is `body`. */
export const hashOf = (previous: string, body: string): string =>
  hash("sha256", previous + body, "hex").slice(0, hashDigits);

/** Puts a JSON object's text into the chain: `{"a":1}` becomes `{"a":1,"hash":"…"}`. */
export function chained(previous: string, text: string): { readonly text: string; readonly hash: string } {
  const body = text.slice(0, -1);
  const own = hashOf(previous, body);
  return { text: body + before + own + after, hash: own };
}

/** A line's body and hash. Undefined: it has no hash at its end. */
export function unchained(text: string): { readonly body: string; readonly hash: string } | undefined {
  const bodyEnd = text.length - before.length - hashDigits - after.length;
  if (!text.startsWith(before, bodyEnd) || !text.endsWith(after)) return undefined;
  return { body: text.slice(0, bodyEnd), hash: text.slice(bodyEnd + before.length, -after.length) };
}
