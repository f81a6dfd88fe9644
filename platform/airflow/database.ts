import pg from "pg";
import { nowMs } from "../clock.ts";
import { createBatch } from "./batch.ts";

/** The rows of one deployment: every statement is prepared once per connection, under the schema's name. */
export interface Database extends AsyncDisposable {
  readonly schema: string;
  /** Runs a prepared statement. Rejects within the pool's limits, also when the server is frozen. */
  query<Row extends pg.QueryResultRow>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
  /**
   * Runs a prepared statement that changes rows and gives none back, in one transaction with what others of this process change within a few
   * ms; answers how many rows it changed. One whose caller is gone before its turn is left away, and counts 0.
   */
  change(statement: Statement, values: readonly (string | number)[], isGone?: () => boolean): Promise<number>;
  /** Runs statements without parameters, unprepared. */
  run(sql: string): Promise<void>;
}

/** `sql` is written for a schema, so that one connection can serve many deployments. */
export interface Statement {
  readonly name: string;
  readonly sql: (schema: string) => string;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly schema: string;
  /** Connections for the whole process, however many deployments share them. */
  readonly poolSize: number;
  /** Limit of one statement, and of waiting for a connection. */
  readonly withinMs: number;
}

/** A change waits this long for others: what it is used for comes hundreds of times in a second, and nobody waits for it. */
const batching = { gatherMs: 15, changesAtMost: 200 };

/**
 * A server that cannot serve is left alone for this long, and everybody is told what it said last. `pg` gives a connection up after any error, so
 * hundreds of callers would make hundreds of new ones in a second, each with its own process at the server, of one that is only read-only now.
 */
const restMs = 250;

interface SharedPool {
  readonly pool: pg.Pool;
  readonly change: ReturnType<typeof createBatch>;
  users: number;
  rest: { readonly untilMs: number; readonly because: unknown } | undefined;
}

const pools = new Map<string, SharedPool>();

/** Opens a deployment's view of a pool that all deployments of this process and URL share. */
export function openDatabase({ url, schema, poolSize, withinMs }: DatabaseOptions): Database {
  const shared = pools.get(url) ?? sharedPool(newPool(url, poolSize, withinMs));
  pools.set(url, shared);
  shared.users += 1;
  const prepared = new Map<Statement, { name: string; text: string }>();
  const forSchema = (statement: Statement): { name: string; text: string } => {
    const known = prepared.get(statement);
    if (known !== undefined) return known;
    const made = { name: `${schema}.${statement.name}`, text: statement.sql(schema) };
    prepared.set(statement, made);
    return made;
  };

  return {
    schema,
    async query<Row extends pg.QueryResultRow>(statement: Statement, values: readonly unknown[] = []) {
      const result = await unlessResting(shared, () =>
        shared.pool.query<Row>({ ...forSchema(statement), values: [...values] }),
      );
      return result.rows;
    },
    change: (statement, values, isGone) =>
      unlessResting(shared, () => shared.change({ ...forSchema(statement), values }, isGone)),
    async run(sql) {
      await unlessResting(shared, () => shared.pool.query(sql));
    },
    async [Symbol.asyncDispose]() {
      shared.users -= 1;
      if (shared.users > 0) return;
      pools.delete(url);
      await endWithin(shared.pool, withinMs);
    },
  };
}

const sharedPool = (pool: pg.Pool): SharedPool => ({
  pool,
  change: createBatch(pool, batching),
  users: 0,
  rest: undefined,
});

async function unlessResting<Result>(shared: SharedPool, work: () => Promise<Result>): Promise<Result> {
  if (shared.rest !== undefined && nowMs() < shared.rest.untilMs) throw shared.rest.because;
  try {
    return await work();
  } catch (error) {
    if (cannotServe(error)) shared.rest = { untilMs: nowMs() + restMs, because: error };
    throw error;
  }
}

/** Read-only, shutting down, starting or not there. Source: PostgreSQL's table of error codes, and the system's own for connections. */
function cannotServe(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /^(25006|57P0[1-3]|08...|53300|ECONNREFUSED|ECONNRESET|EPIPE)$/.test(code);
}

function newPool(url: string, max: number, withinMs: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: withinMs,
    statement_timeout: withinMs,
    // A frozen server cannot time a statement out: the client must. A little later, so that a live server's own answer wins.
    query_timeout: withinMs + 250,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: "airflow",
  });
  // An idle connection that breaks is replaced on the next query; without a listener the process would end.
  pool.on("error", () => {});
  // So is one that the server ends in the same breath in which it answers: it is handed to the next caller before that one can listen.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** A frozen server never says goodbye. */
async function endWithin(pool: pg.Pool, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, withinMs);
  });
  await Promise.race([pool.end(), limit]);
  clearTimeout(timer);
}
