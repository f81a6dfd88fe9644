import { Client } from "pg";

/** Writes one row to the database and ends the connection: the only proof that a promoted database takes writes. */
export async function writeOnce(url: string, cluster: string, withinMs: number): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: withinMs,
    query_timeout: withinMs,
    application_name: "orchestrator",
  });
  client.on("error", () => {}); // Told through the call that meets it.
  try {
    await client.connect();
    await client.query(
      "CREATE SCHEMA IF NOT EXISTS platform; CREATE TABLE IF NOT EXISTS platform.promotion (cluster text PRIMARY KEY, at timestamptz NOT NULL)",
    );
    await client.query(
      "INSERT INTO platform.promotion VALUES ($1, clock_timestamp()) ON CONFLICT (cluster) DO UPDATE SET at = clock_timestamp()",
      [cluster],
    );
  } finally {
    // Not awaited: a frozen server never says goodbye.
    void client.end().catch(() => {});
  }
}
