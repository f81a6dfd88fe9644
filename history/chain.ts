import { hash as digest } from "node:crypto";

/**
 * What links the lines of a history: each line ends with a hash over the hash of the line before it and over itself, so the last one stands
 * for all. It is the first 128 bits of a SHA-256, in hex.
 */
const hashDigits = 32;
const before = ',"hash":"';
const after = '"}';
/** How much of a line its hash takes, with the brace that closes the line. */
export const hashBytes = before.length + hashDigits + after.length;

/** Where a history ends. */
export interface Head {
  /** Its number of lines. */
  readonly ops: number;
  /** The hash of the last of them; empty when there is none. */
  readonly hash: string;
}

/** Puts a JSON object's text into the chain: `{"a":1}` becomes `{"a":1,"hash":"…"}`. */
export function chained(previous: string, text: string): { readonly text: string; readonly hash: string } {
  const body = text.slice(0, -1);
  const own = digest("sha256", previous + body, "hex").slice(0, hashDigits);
  return { text: body + before + own + after, hash: own };
}

/** Where the body of a line ends that is `bytes[from, to)`: before its hash. Undefined: it has no hash at its end. */
export function bodyEnd(bytes: Buffer, from: number, to: number): number | undefined {
  const end = to - hashBytes;
  return end > from && isAt(bytes, end, before) && isAt(bytes, to - after.length, after) ? end : undefined;
}

function isAt(bytes: Buffer, at: number, wanted: string): boolean {
  for (let n = 0; n < wanted.length; n++) if (bytes[at + n] !== wanted.charCodeAt(n)) return false;
  return true;
}

/** The hash that a line carries whose body ends there. */
export const hashAt = (bytes: Buffer, end: number): string =>
  bytes.toString("latin1", end + before.length, end + before.length + hashDigits);

/** The hash that ends the text of a line. */
export const hashIn = (line: string): string => line.slice(-hashDigits - after.length, -after.length);

/** Says whether a line is the next one of a chain: its hash must be that of the line before and of its own body. */
export function linkCheck(): (previous: string, bytes: Buffer, from: number, end: number) => boolean {
  let room = Buffer.allocUnsafe(1 << 12);
  return (previous, bytes, from, end) => {
    const length = previous.length + end - from;
    if (length > room.length) room = Buffer.allocUnsafe(2 * length);
    room.write(previous, 0, "latin1");
    bytes.copy(room, previous.length, from, end);
    return digest("sha256", room.subarray(0, length), "hex").startsWith(hashAt(bytes, end));
  };
}
