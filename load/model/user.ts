import type { Client, Request } from "./client.ts";
import type { ClientKind, Tell } from "./lines.ts";
import type { Wishes } from "./wish.ts";

/** What users of a deployment ask for, in turn: read the list, look at the health, write a variable, look at the runs. */
const calls: readonly Request[] = [
  { method: "GET", path: "/api/v2/dags/~/dagRuns/~/taskInstances?limit=20" },
  { method: "GET", path: "/api/v2/monitor/health", anonymous: true },
  { method: "POST", path: "/api/v2/variables", body: { key: "last-user-call", value: "now" } },
  { method: "GET", path: "/api/v2/dags/~/dagRuns?limit=20" },
];

/** One call of a user. `turn` chooses which. */
export function* callAsUser(
  host: string,
  turn: number,
  kind: ClientKind,
  { client, nowMs, tell }: { client: Client; nowMs: () => number; tell: Tell },
): Wishes<void> {
  const request = calls[turn % calls.length];
  if (request === undefined) return;
  const sentMs = nowMs();
  const answer = yield* client.call(host, request);
  tell(["u", kind, sentMs, nowMs() - sentMs, answer.status]);
}
