import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { findPostgres } from "../../fixtures/lab/postgres/binaries.ts";
import { newDataDirectory, superuser } from "../../fixtures/lab/postgres/data-directory.ts";
import { startPostgres } from "../../fixtures/lab/postgres/server.ts";
import { createBatch } from "./batch.ts";

const open = new AsyncDisposableStack();
const address = { host: `127.203.${1 + (process.pid % 250)}.5`, port: 5432 };
let access: typeof address & { user: string; password: string; database: string };
let pool: pg.Pool;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "batch-"));
  open.defer(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o711);
  const binaries = await findPostgres();
  const password = await newDataDirectory(binaries, join(directory, "data"));
  open.use(await startPostgres({ binaries, dataDirectory: join(directory, "data"), ...address }));
  access = { ...address, user: superuser, password, database: "postgres" };
  pool = new pg.Pool({ ...access, max: 2 });
  open.defer(() => pool.end());
}, 60_000);
afterAll(() => open.disposeAsync());
beforeEach(async () => {
  await pool.query("DROP TABLE IF EXISTS beats; CREATE TABLE beats (id text, at integer DEFAULT 0 CHECK (at < 100))");
  await pool.query("INSERT INTO beats SELECT unnest('{a,b,c,c}'::text[])");
});

const beat = (id: string, at = 1) => ({
  name: "beat",
  text: "UPDATE beats SET at = $2 WHERE id = $1",
  values: [id, at],
});
const rows = async () =>
  (await pool.query<{ id: string; at: number; xmin: string }>("SELECT id, at, xmin FROM beats ORDER BY id")).rows;

it("tells each caller its own count, and commits them all in one transaction", async () => {
  const change = createBatch(pool, { gatherMs: 5, changesAtMost: 10 });
  expect(await Promise.all(["a", "nobody", "c", "b"].map((id) => change(beat(id))))).toEqual([1, 0, 2, 1]);
  expect(new Set((await rows()).map(({ xmin }) => xmin)).size).toBe(1);
  expect(await change(beat("a", 2))).toBe(1);
});

it("shares more changes than it may take over several batches", async () => {
  const change = createBatch(pool, { gatherMs: 5, changesAtMost: 2 });
  expect(await Promise.all(["a", "b", "c"].map((id) => change(beat(id))))).toEqual([1, 1, 2]);
  const [a, b, c] = await rows();
  expect(a?.xmin).toBe(b?.xmin);
  expect(c?.xmin).not.toBe(a?.xmin);
});

it("leaves a change away whose caller is gone", async () => {
  const change = createBatch(pool, { gatherMs: 5, changesAtMost: 10 });
  expect(await Promise.all([change(beat("a"), () => true), change(beat("b"))])).toEqual([0, 1]);
  expect((await rows()).map(({ at }) => at)).toEqual([0, 1, 0, 0]);
});

it("writes nothing of a batch that fails, tells all its callers, and goes on", async () => {
  const change = createBatch(pool, { gatherMs: 5, changesAtMost: 10 });
  const told = await Promise.allSettled([change(beat("a")), change(beat("b", 100))]);
  expect(told.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect((await rows()).map(({ at }) => at)).toEqual([0, 0, 0, 0]);
  expect(await change(beat("a"))).toBe(1);
});

it("outlives a connection that breaks in the middle of a batch, tells all its callers, and goes on with another", async () => {
  await using cable = await layCable();
  const far = new pg.Pool({ ...access, ...cable.address, max: 1 });
  far.on("error", () => {});
  const change = createBatch(far, { gatherMs: 5, changesAtMost: 10 });
  const holder = await pool.connect();
  try {
    await holder.query("BEGIN; SELECT FROM beats WHERE id = 'a' FOR UPDATE");
    const told = Promise.allSettled([change(beat("a")), change(beat("b"))]);
    const waiting = async () => (await holder.query("SELECT FROM pg_locks WHERE NOT granted")).rowCount;
    await expect.poll(waiting).toBe(1);
    cable.cut();
    expect((await told).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  } finally {
    await holder.query("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted");
    await holder.query("ROLLBACK");
    holder.release();
  }
  expect((await rows()).map(({ at }) => at)).toEqual([0, 0, 0, 0]);
  expect(await change(beat("a"))).toBe(1);
  await far.end();
});

/** A way to the server that can be cut: what goes over it ends without a word. */
async function layCable() {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(access.port, access.host);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
    }
    pipeline(near, far, near, () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: { host: "127.0.0.1", port: (server.address() as AddressInfo).port },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
