import type { History } from "../harness/types.ts";

const found = new WeakMap<History, Map<string, unknown>>();

/**
 * What several checkers ask of the same history is found out once: a history never changes, so the answer is the same. `question` names all
 * that the answer depends on.
 */
export function once<T>(history: History, question: string, answer: () => T): T {
  const known = found.get(history) ?? new Map<string, unknown>();
  found.set(history, known);
  // Nobody else answers this question.
  if (known.has(question)) return known.get(question) as T;
  const fresh = answer();
  known.set(question, fresh);
  return fresh;
}
