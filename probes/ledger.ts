import { DidNotHappen } from "../harness/errors.ts";
import type { Millis, Probe, Run, Started } from "../harness/types.ts";
import { codeOf } from "./http.ts";
import { connectTo } from "./ledger/connect.ts";
import { type Epochs, keepEpochs } from "./ledger/epochs.ts";
import { findContested } from "./ledger/find.ts";
import { appendMarker, makeTables, readMarkers } from "./ledger/tables.ts";

export interface LedgerOptions {
  /** One marker per deployment in this time. */
  readonly everyMs?: Millis;
  /** After this an append is indeterminate. */
  readonly withinMs?: Millis;
  readonly connections?: number;
}

interface Writer extends AsyncDisposable {
  readonly region: string;
  readonly accepted: () => boolean;
  readonly lastError: () => string;
}

/** A side that refuses is still tried so often: enough to see the moment at which it begins to accept, and to be sure that it does not. */
const triedEveryMs = 100;
/** One that takes a marker and never says that it did keeps a session for each. */
const triedInDoubtEveryMs = 500;

/**
 * The numbered ledger: each deployment's next marker is committed on schedule to the database of both regions, of which one should accept.
 * An append is acknowledged (`ok`, with the epoch of the database that took it), refused before it was sent (`fail`, with whether the other
 * side answered at all) or in doubt (`info`). `takeStock` reads a region's copy back. The old writer is tried to the end, because one that
 * accepts again is a finding; what it then accepted is looked for wherever it may be.
 */
export function ledger({ everyMs = 500, withinMs = 2_000, connections = 8 }: LedgerOptions = {}): Probe {
  return {
    role: "probe",
    name: "ledger",
    async start(run): Promise<Started> {
      const { lost, survivor } = run.environment.regions;
      await begin(run, run.environment.regions[run.scenario.primary ?? "lost"]);
      const epochs = keepEpochs();
      const writers = [lost, survivor].map((region) =>
        startWriter(run, region, { everyMs, withinMs, connections, epochs }),
      );
      return {
        standing: () =>
          writers.some((writer) => writer.accepted())
            ? undefined
            : `no region accepts markers (${writers.map((w) => `${w.region}: ${w.lastError()}`).join("; ")})`,
        takeStock: (region) => readBack(run, region, withinMs),
        async [Symbol.asyncDispose]() {
          await Promise.all(writers.map((writer) => writer[Symbol.asyncDispose]()));
          if (!run.signal.aborted) await findContested(run, epochs.contested());
        },
      };
    },
  };
}

async function begin(run: Run, region: string): Promise<void> {
  await using pool = connectTo(run.environment.database(region), { connections: 1, withinMs: 10_000 });
  await makeTables(pool);
}

interface WriterOptions extends Required<LedgerOptions> {
  readonly epochs: Epochs;
}

function startWriter(run: Run, region: string, { epochs, ...options }: WriterOptions): Writer {
  const pool = connectTo(run.environment.database(region), options);
  const { deployments } = run.environment.platform;
  const open = new Set<Promise<void>>();
  const state = { accepted: false, lastError: "not tried yet", nextTryAt: 0 };

  const append = async (deployment: string, seq: number): Promise<void> => {
    const value = { region, deployment, seq };
    const sentAt = run.clock.now();
    const outcome = await run.record({ process: "probe/ledger", f: "append", value }, async () => {
      const client = await pool.connect().catch((error: unknown) => {
        throw new DidNotHappen(codeOf(error), { answered: isAnswer(codeOf(error)) });
      });
      let broken: Error | undefined;
      try {
        return await appendMarker(client, value);
      } catch (error) {
        broken = error instanceof Error ? error : new Error(String(error));
        if (isRefusal(codeOf(error))) throw new DidNotHappen(codeOf(error), { answered: true });
        throw error;
      } finally {
        client.release(broken);
      }
    });
    if (outcome.type === "ok" && outcome.value !== undefined)
      epochs.acked({ ...value, ...outcome.value, sentAt, ackedAt: outcome.time });
    state.accepted = outcome.type === "ok";
    if (outcome.type === "info") state.nextTryAt = Math.max(state.nextTryAt, run.clock.now() + triedInDoubtEveryMs);
    state.lastError = outcome.error ?? "accepted";
  };

  const begin = run.clock.now();
  const schedules = deployments.map((deployment, n) => {
    let seq = 0;
    return run.clock.every(begin + Math.round((n / deployments.length) * options.everyMs), options.everyMs, () => {
      const marker = seq++;
      const now = run.clock.now();
      if (!state.accepted && now < state.nextTryAt) return;
      state.nextTryAt = now + triedEveryMs;
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

async function readBack(run: Run, region: string, withinMs: Millis): Promise<void> {
  await run.record({ process: "probe/ledger", f: "read", value: { region } }, async () => {
    await using pool = connectTo(run.environment.database(region), { connections: 1, withinMs: 5 * withinMs });
    const rows = await readMarkers(pool).catch((error: unknown) => {
      throw new DidNotHappen(codeOf(error), undefined, { cause: error });
    });
    return { rows };
  });
}

/** A SQLSTATE is the server's own word that the statement failed; classes 08 and 40003 say that nobody knows. Source: PostgreSQL, appendix A. */
const isRefusal = (code: string): boolean =>
  /^[0-9A-Z]{5}$/.test(code) && code !== "EPIPE" && !code.startsWith("08") && code !== "40003";

/** Somebody at that address said no: the server, or its machine, where no server is. Silence is no answer. */
const isAnswer = (code: string): boolean => isRefusal(code) || code === "ECONNREFUSED" || code === "ECONNRESET";
