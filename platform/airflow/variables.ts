import type { Database, Statement } from "./database.ts";

export interface Variable {
  readonly key: string;
  readonly value: string;
}

/** Writes the variable, new or not; true when it was new. */
export async function setVariable(database: Database, { key, value }: Variable): Promise<boolean> {
  const [written] = await database.query<{ fresh: boolean }>(set, [key, value]);
  return written?.fresh ?? false;
}

export async function getVariable(database: Database, key: string): Promise<Variable | undefined> {
  const [found] = await database.query<Variable>(get, [key]);
  return found;
}

/** False when there was none. */
export async function removeVariable(database: Database, key: string): Promise<boolean> {
  const removed = await database.query(remove, [key]);
  return removed.length > 0;
}

// A row that this statement inserted has no deleter yet: `xmax` is zero.
const set: Statement = {
  name: "set",
  sql: (schema) => `
    INSERT INTO ${schema}.variable AS v (key, value) VALUES ($1, $2)
    ON CONFLICT (key) DO UPDATE SET value = $2, updated_at = clock_timestamp()
    RETURNING (v.xmax = 0) AS fresh`,
};

const get: Statement = {
  name: "get",
  sql: (schema) => `SELECT key, value FROM ${schema}.variable WHERE key = $1`,
};

const remove: Statement = {
  name: "remove",
  sql: (schema) => `DELETE FROM ${schema}.variable WHERE key = $1 RETURNING 1`,
};
