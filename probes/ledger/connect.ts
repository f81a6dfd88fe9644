import { Pool } from "pg";

export interface PoolOptions {
  readonly connections: number;
  readonly withinMs: number;
}

/** Connections to a database, each statement under the limit. What a connection meets is told by the statement that meets it. */
export function connectTo(connectionString: string, { connections, withinMs }: PoolOptions): Pool & AsyncDisposable {
  const pool = new Pool({
    connectionString,
    max: connections,
    connectionTimeoutMillis: withinMs,
    query_timeout: withinMs,
    idleTimeoutMillis: 0,
    application_name: "gameday-ledger",
  });
  // A connection that breaks is replaced at the next append, which records what it meets.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return Object.assign(pool, { [Symbol.asyncDispose]: () => endWithin(pool) });
}

/** Ends a pool; connections to a server that no longer answers are cut, not waited for. */
const endWithin = async (pool: Pool): Promise<void> => {
  if (pool.ending) return;
  const patience = AbortSignal.timeout(500);
  const over = new Promise((resolve) => patience.addEventListener("abort", resolve, { once: true }));
  await Promise.race([pool.end(), over]);
};
