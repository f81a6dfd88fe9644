import { Client } from "undici";
import type { ClientKind } from "../model/lines.ts";
import type { Answer, Exchange } from "../model/wish.ts";

/** The connections of one worker or user: a sticky one keeps one per address, a fresh one opens one per call. */
export interface Connections {
  /** Never rejects: no answer within the timeout is status 0. */
  exchange(wish: Exchange): Promise<Answer>;
}

export function openConnections(kind: ClientKind, timeoutMs: number): Connections {
  const kept = new Map<string, Client>();
  const connect = (origin: string): Client => {
    const client = kept.get(origin) ?? new Client(origin, { keepAliveTimeout: 600_000 });
    if (kind === "sticky") kept.set(origin, client);
    return client;
  };
  return {
    async exchange(wish) {
      const url = new URL(wish.url);
      const client = connect(url.origin);
      // undici's own timeouts come in steps of half a second, and it heeds no signal while it connects.
      const signal = AbortSignal.timeout(timeoutMs);
      const late = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
      try {
        return await Promise.race([ask(client, url, wish, signal), late]);
      } catch (error) {
        // A connection without an answer, or that was never made, is of no use to the next call.
        if (signal.aborted) {
          kept.delete(url.origin);
          void client.destroy();
        }
        return { status: 0, error: signal.aborted ? `no answer within ${timeoutMs} ms` : String(error) };
      } finally {
        if (kind === "fresh") void client.destroy();
      }
    },
  };
}

async function ask(
  client: Client,
  { pathname, search }: URL,
  { method, headers, body, reads }: Exchange,
  signal: AbortSignal,
): Promise<Answer> {
  const answer = await client.request({
    method,
    path: pathname + search,
    headers,
    signal,
    ...(body === undefined ? {} : { body }),
  });
  if (reads) return { status: answer.statusCode, body: await answer.body.text() };
  await answer.body.dump();
  return { status: answer.statusCode };
}
