import type { Attempts, Finding, Seen } from "./types.ts";

type Place = Pick<Finding, "file" | "region" | "call" | "host">;

/** Whether an attempt is one of what a finding foresaw: the same operation or host, or any from its file, at the same region. */
export function isOf({ file, region, call, host }: Place, attempt: Attempts): boolean {
  if (attempt.region !== region) return false;
  const isFromHere = attempt.frames.some((frame) => isSameFile(frame.replace(/(?::\d+)+$/, ""), file));
  // Whose line could not be seen may be from here.
  if (call !== undefined)
    return attempt.what === `${call.service}:${call.operation}` && (isFromHere || attempt.frames.length === 0);
  return isFromHere || (host !== undefined && attempt.hosts.includes(host));
}

/** One of them may be told from another folder than the other. */
const isSameFile = (a: string, b: string): boolean => a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`);

const evidenceAtMost = 24;

/** Several attempts as one sight; null for none. */
export function together(attempts: readonly Attempts[]): Seen | null {
  if (attempts.length === 0) return null;
  return {
    by: [...new Set(attempts.flatMap(({ by }) => by))],
    count: attempts.reduce((sum, { count }) => sum + count, 0),
    unanswered: attempts.reduce((sum, { unanswered }) => sum + unanswered, 0),
    heldUp: [...new Set(attempts.flatMap(({ heldUp }) => heldUp))],
    evidence: attempts.flatMap(({ evidence }) => evidence).slice(0, evidenceAtMost),
  };
}
