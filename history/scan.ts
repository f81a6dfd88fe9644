import type { Process } from "../harness/types.ts";
import type { Kinds } from "./kinds.ts";
import { readOp } from "./read-op.ts";

const types = ["invoke", "ok", "fail", "info"] as const;
export type OpType = (typeof types)[number];
/** A type by its number, as the columns keep it. */
export const typeOf = (number: number): OpType => types[number] ?? "info";
export const invoked = 0;

/** What a line says of its op besides value and error. */
export interface Scanned {
  /** Number of its type. */
  type: number;
  index: number;
  /** Of a completion. */
  invoke: number;
  time: number;
  kind: number;
  /** Where value and error begin; -1 when they are only found by reading the whole line. */
  rest: number;
}

/**
 * Reads lines as the journal writes them, with their keys in its order, from bytes alone: making an object of each would cost most of the
 * time that a long history takes. Other lines are read whole.
 */
export function scanner(kinds: Kinds): {
  readonly found: Readonly<Scanned>;
  /** Reads a line without what closes it; its value and error are not looked at. Gives what is wrong with it. */
  scan(bytes: Buffer, from: number, to: number): string | undefined;
  /** Reads all of a line. */
  read(text: string): string | undefined;
} {
  const found: Scanned = { type: 0, index: 0, invoke: 0, time: 0, kind: 0, rest: 0 };
  const known = new Map<number, { readonly name: Buffer; readonly kind: number }>();
  let at = 0;

  const passes = (bytes: Buffer, wanted: Buffer): boolean => {
    for (let n = 0; n < wanted.length; n++) if (bytes[at + n] !== wanted[n]) return false;
    at += wanted.length;
    return true;
  };
  /** A whole number without a sign, or -1. */
  const whole = (bytes: Buffer): number => {
    const start = at;
    let value = 0;
    for (let digit = (bytes[at] ?? 0) - zero; digit >= 0 && digit <= 9; digit = (bytes[at] ?? 0) - zero) {
      value = value * 10 + digit;
      at += 1;
    }
    return at === start || at - start > 15 ? -1 : value;
  };
  /** Process and f, known by a hash of their bytes: `probe/ledger","f":"append`. */
  const kindAt = (bytes: Buffer, to: number): number => {
    const start = at;
    let [hash, quotes] = [0, 0];
    for (; at < to && quotes < 5; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === backslash) return -1;
      if (byte === quote) quotes += 1;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    const seen = known.get(hash);
    if (seen !== undefined && isSame(seen.name, bytes, start, at)) return seen.kind;
    const name = Buffer.from(bytes.subarray(start, at));
    const [, process, f] = /^(.+)","f":"(.+)"$/.exec(name.toString()) ?? [];
    if (process === undefined || f === undefined || !/^(run|load|fault|failover|probe)\/./.test(process)) return -1;
    const kind = kinds.numberOf(process as Process, f);
    if (seen === undefined) known.set(hash, { name, kind });
    return kind;
  };
  const fast = (bytes: Buffer, from: number, to: number): boolean => {
    at = from + opening.length;
    const type = firstLetters.indexOf(bytes[at] ?? 0, 0);
    // `info` and `invoke` begin alike.
    const number = type === invoked && bytes[at + 2] !== v ? 3 : type;
    at = from;
    if (number < 0 || !passes(bytes, openings[number] ?? opening)) return false;
    found.type = number;
    found.invoke = number === invoked ? -1 : whole(bytes);
    if (number !== invoked && !passes(bytes, beforeIndex)) return false;
    found.index = whole(bytes);
    if (!passes(bytes, beforeTime)) return false;
    found.time = whole(bytes);
    if (!passes(bytes, beforeProcess)) return false;
    found.kind = kindAt(bytes, to);
    found.rest = at;
    const next = bytes[at];
    return (
      found.index >= 0 &&
      found.time >= 0 &&
      found.kind >= 0 &&
      (found.invoke >= 0 || number === invoked) &&
      at <= to &&
      (at === to || next === comma)
    );
  };
  const read = (text: string): string | undefined => {
    const op = readOp(text);
    if (typeof op === "string") return op;
    found.type = types.indexOf(op.type);
    found.index = op.index;
    found.invoke = op.type === "invoke" ? -1 : op.invoke;
    found.time = op.time;
    found.kind = kinds.numberOf(op.process, op.f);
    found.rest = -1;
    return undefined;
  };
  return {
    found,
    scan: (bytes, from, to) => (fast(bytes, from, to) ? undefined : read(`${bytes.toString("utf8", from, to)}}`)),
    read,
  };
}

function isSame(wanted: Buffer, bytes: Buffer, from: number, to: number): boolean {
  if (wanted.length !== to - from) return false;
  for (let n = 0; n < wanted.length; n++) if (bytes[from + n] !== wanted[n]) return false;
  return true;
}

const bytes = (text: string): Buffer => Buffer.from(text);
const code = (letter: string): number => letter.charCodeAt(0);
const [zero, quote, backslash, comma, v] = [code("0"), code('"'), code("\\"), code(","), code("v")];
const opening = bytes('{"type":"');
const openings = types.map((type) => bytes(`{"type":"${type}","${type === "invoke" ? "index" : "invoke"}":`));
const [beforeIndex, beforeTime, beforeProcess] = [bytes(',"index":'), bytes(',"time":'), bytes(',"process":"')];
const firstLetters = bytes("iof");
