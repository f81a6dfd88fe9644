import type pg from "pg";

/** A prepared statement that changes rows and gives none back, with its values. */
export interface Change {
  readonly name: string;
  readonly text: string;
  readonly values: readonly (string | number)[];
}

export interface BatchOptions {
  /** How long the first change waits for company. */
  readonly gatherMs: number;
  readonly changesAtMost: number;
}

interface Waiting extends Change {
  readonly isGone: () => boolean;
  readonly resolve: (rows: number) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Commits small changes of many callers together: one round trip, one flush of the log, and to each caller its own count of rows. One batch
 * is under way at a time, so on a slow server batches grow instead of queues. A change whose caller `isGone` before its turn counts as no row.
 */
export function createBatch(pool: pg.Pool, { gatherMs, changesAtMost }: BatchOptions) {
  let waiting: Waiting[] = [];
  let underWay = false;

  const gather = (): void => {
    underWay = true;
    setTimeout(() => {
      const batch = waiting.slice(0, changesAtMost);
      waiting = waiting.slice(changesAtMost);
      void carryOut(pool, batch).finally(() => {
        underWay = false;
        if (waiting.length > 0) gather();
      });
    }, gatherMs);
  };
  return (change: Change, isGone: () => boolean = () => false): Promise<number> =>
    new Promise((resolve, reject) => {
      waiting.push({ ...change, isGone, resolve, reject });
      if (!underWay) gather();
    });
}

async function carryOut(pool: pg.Pool, batch: readonly Waiting[]): Promise<void> {
  const wanted = batch.filter((change) => !change.isGone());
  for (const change of batch) if (!wanted.includes(change)) change.resolve(0);
  if (wanted.length === 0) return;
  try {
    const client = await pool.connect();
    // A connection that the server ends tells its query and then whoever listens to it; if nobody does, the process ends.
    client.on("error", ignore);
    let broken: Error | undefined;
    try {
      const counts = await new Promise<readonly number[]>((resolve, reject) => {
        client.query(oneTransaction(wanted, (error, rows) => (error ? reject(error) : resolve(rows))));
      });
      for (const [at, change] of wanted.entries()) change.resolve(counts[at] ?? 0);
    } catch (error) {
      broken = asError(error);
      throw error;
    } finally {
      // After an error nobody knows which of its statements the connection holds: a new one does.
      client.release(broken);
      if (broken === undefined) client.off("error", ignore);
    }
  } catch (error) {
    for (const change of wanted) change.reject(asError(error));
  }
}

/** Names of the statements that were prepared on a connection here. */
const prepared = new WeakMap<pg.Connection, Set<string>>();

/**
 * All changes, then a single Sync: PostgreSQL runs what comes before a Sync as one transaction. Source: PostgreSQL, "Pipelining" in the chapter
 * on the message flow. `pg` hands the replies to whoever submitted.
 */
function oneTransaction(changes: readonly Change[], callback: (error: Error | null, rows: readonly number[]) => void) {
  const rows: number[] = [];
  return {
    callback,
    submit(connection: pg.Connection): void {
      const known = prepared.get(connection) ?? new Set();
      prepared.set(connection, known);
      connection.stream.cork();
      for (const { name, text, values } of changes) {
        if (!known.has(name)) connection.parse({ name, text, types: [] }, true);
        known.add(name);
        connection.bind({ statement: name, values: values.map(String) }, true);
        connection.execute({}, true);
      }
      connection.sync();
      connection.stream.uncork();
    },
    handleCommandComplete({ text }: { readonly text: string }): void {
      rows.push(Number(/\d+$/.exec(text)?.[0] ?? 0));
    },
    handleReadyForQuery(): void {
      this.callback(null, rows);
    },
    handleError(error: Error): void {
      this.callback(error, rows);
    },
  };
}

const ignore = (): void => {};
const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
