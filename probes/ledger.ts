import { Pool } from "pg";
import { DidNotHappen } from "../harness/errors.ts";
import type { Probe, Run, Started } from "../harness/types.ts";
import { codeOf } from "./http.ts";

export interface LedgerOptions {
  /** One marker per deployment in this time. */
  readonly everyMs?: number;
  /** After this an append is indeterminate. */
  readonly withinMs?: number;
  readonly connections?: number;
}

interface Writer extends AsyncDisposable {
  readonly region: string;
  readonly accepted: () => boolean;
  readonly lastError: () => string;
}

/**
 * The numbered ledger: each deployment's next marker is committed on schedule to the database of both regions, of which one should accept.
 * An append is acknowledged (`ok`), refused before it was sent (`fail`) or in doubt (`info`). `takeStock` reads a region's copy back.
 * The old writer is tried to the end, because one that accepts again is a finding.
 */
export function ledger({ everyMs = 500, withinMs = 2_000, connections = 8 }: LedgerOptions = {}): Probe {
  return {
    role: "probe",
    name: "ledger",
    async start(run): Promise<Started> {
      const { lost, survivor } = run.environment.regions;
      await createTable(run, run.environment.regions[run.scenario.primary ?? "lost"]);
      const writers = [lost, survivor].map((region) => startWriter(run, region, { everyMs, withinMs, connections }));
      return {
        standing: () =>
          writers.some((writer) => writer.accepted())
            ? undefined
            : `no region accepts markers (${writers.map((w) => `${w.region}: ${w.lastError()}`).join("; ")})`,
        takeStock: (region) => readBack(run, region, withinMs),
        async [Symbol.asyncDispose]() {
          await Promise.all(writers.map((writer) => writer[Symbol.asyncDispose]()));
        },
      };
    },
  };
}

async function createTable(run: Run, region: string): Promise<void> {
  await using pool = poolTo(run, region, 1, 10_000);
  // No unique key: a marker that is there twice must be seen twice.
  await pool.query(
    `CREATE TABLE IF NOT EXISTS gameday_ledger (region text NOT NULL, deployment text NOT NULL, seq integer NOT NULL)`,
  );
  await pool.query("TRUNCATE gameday_ledger");
}

function poolTo(run: Run, region: string, max: number, withinMs: number): Pool & AsyncDisposable {
  const pool = new Pool({
    connectionString: run.environment.database(region),
    max,
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

function startWriter(run: Run, region: string, options: Required<LedgerOptions>): Writer {
  const pool = poolTo(run, region, options.connections, options.withinMs);
  const { deployments } = run.environment.platform;
  const open = new Set<Promise<void>>();
  const state = { accepted: false, lastError: "not tried yet", turn: 0 };

  const append = async (deployment: string, seq: number): Promise<void> => {
    const outcome = await run.record(
      { process: "probe/ledger", f: "append", value: { region, deployment, seq } },
      async () => {
        const client = await pool.connect().catch((error: unknown) => {
          throw new DidNotHappen(codeOf(error));
        });
        let broken: Error | undefined;
        try {
          await client.query({
            name: "append",
            text: "INSERT INTO gameday_ledger VALUES ($1, $2, $3)",
            values: [region, deployment, seq],
          });
        } catch (error) {
          broken = error instanceof Error ? error : new Error(String(error));
          if (isRefusal(codeOf(error))) throw new DidNotHappen(codeOf(error));
          throw error;
        } finally {
          client.release(broken);
        }
      },
    );
    state.accepted = outcome.type === "ok";
    state.lastError = outcome.error ?? "accepted";
  };

  const begin = run.clock.now();
  const schedules = deployments.map((deployment, n) => {
    let seq = 0;
    return run.clock.every(begin + Math.round((n / deployments.length) * options.everyMs), options.everyMs, () => {
      const marker = seq++;
      // A side that refuses is still tried, by one deployment in sixteen: enough to see the moment at which it begins to accept.
      if (!state.accepted && state.turn++ % 16 !== 0) return;
      const appending = append(deployment.name, marker).finally(() => open.delete(appending));
      open.add(appending);
    });
  });
  return {
    region,
    accepted: () => state.accepted,
    lastError: () => state.lastError,
    async [Symbol.asyncDispose]() {
      for (const schedule of schedules) schedule[Symbol.dispose]();
      await Promise.all(open);
      await pool[Symbol.asyncDispose]();
    },
  };
}

async function readBack(run: Run, region: string, withinMs: number): Promise<void> {
  await run.record({ process: "probe/ledger", f: "read", value: { region } }, async () => {
    await using pool = poolTo(run, region, 1, 5 * withinMs);
    const { rows } = await pool
      .query<{ row: [string, number, string, number] }>(
        `SELECT json_build_array(deployment, seq, region, count(*)) AS row FROM gameday_ledger
         GROUP BY deployment, seq, region ORDER BY deployment, region, seq`,
      )
      .catch((error: unknown) => {
        throw new DidNotHappen(codeOf(error), undefined, { cause: error });
      });
    return { rows: rows.map(({ row }) => row) };
  });
}

/** A SQLSTATE is the server's own word that the statement failed; classes 08 and 40003 say that nobody knows. Source: PostgreSQL, appendix A. */
const isRefusal = (code: string): boolean =>
  /^[0-9A-Z]{5}$/.test(code) && code !== "EPIPE" && !code.startsWith("08") && code !== "40003";
