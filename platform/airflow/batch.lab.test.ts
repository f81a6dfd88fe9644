import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { findPostgres } from "../../fixtures/lab/postgres/binaries.ts";
import { newDataDirectory, superuser } from "../../fixtures/lab/postgres/data-directory.ts";
import { startPostgres } from "../../fixtures/lab/postgres/server.ts";
import { createBatch } from "./batch.ts";

const open = new AsyncDisposableStack();
let pool: pg.Pool;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "batch-"));
  open.defer(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o711);
  const address = { host: `127.203.${1 + (process.pid % 250)}.5`, port: 5432 };
  const binaries = await findPostgres();
  const password = await newDataDirectory(binaries, join(directory, "data"));
  open.use(await startPostgres({ binaries, dataDirectory: join(directory, "data"), ...address }));
  pool = new pg.Pool({ ...address, user: superuser, password, database: "postgres", max: 2 });
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
