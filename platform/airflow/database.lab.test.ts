import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findPostgres } from "../../fixtures/lab/postgres/binaries.ts";
import { newDataDirectory, superuser } from "../../fixtures/lab/postgres/data-directory.ts";
import { startPostgres } from "../../fixtures/lab/postgres/server.ts";
import { openDatabase } from "./database.ts";

const open = new AsyncDisposableStack();
let admin: pg.Client;
let url: string;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "database-"));
  open.defer(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o711);
  const address = { host: `127.203.${1 + (process.pid % 250)}.6`, port: 5432 };
  const binaries = await findPostgres();
  const password = await newDataDirectory(binaries, join(directory, "data"));
  open.use(await startPostgres({ binaries, dataDirectory: join(directory, "data"), ...address }));
  url = `postgres://${superuser}:${password}@${address.host}:${address.port}/postgres`;
  admin = new pg.Client({ connectionString: url });
  await admin.connect();
  open.defer(() => admin.end());
  await admin.query("CREATE SCHEMA one; CREATE TABLE one.beats (id text)");
}, 60_000);
afterAll(() => open.disposeAsync());

const beat = { name: "beat", sql: (schema: string) => `INSERT INTO ${schema}.beats VALUES ($1)` };
const sessions = async (): Promise<number> =>
  Number(
    (await admin.query("SELECT pg_stat_force_next_flush(), sessions FROM pg_stat_database WHERE datname = 'postgres'"))
      .rows[0].sessions,
  );
const setReadOnly = async (readOnly: boolean) => {
  await admin.query(`ALTER SYSTEM SET default_transaction_read_only = ${readOnly ? "on" : "off"}`);
  await admin.query("SELECT pg_reload_conf()");
};

it("leaves a server alone that is read-only now, tells all callers why, and finds it again when it takes writes", async () => {
  await using database = openDatabase({ url, schema: "one", poolSize: 2, withinMs: 1_000 });
  await database.query(beat, ["first"]);
  await setReadOnly(true);
  await expect
    .poll(() =>
      database.query(beat, ["x"]).then(
        () => "written",
        (error) => error.code,
      ),
    )
    .toBe("25006");
  const before = await sessions();
  const told = new Set<string>();
  const untilMs = performance.now() + 1_000;
  let asked = 0;
  while (performance.now() < untilMs) {
    const writes = [
      database.query(beat, ["x"]),
      database.change(beat, ["x"]),
      database.run("INSERT INTO one.beats VALUES ('x')"),
    ];
    for (const one of await Promise.allSettled(writes))
      told.add(one.status === "rejected" ? one.reason.code : "written");
    asked += writes.length;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect([...told]).toEqual(["25006"]);
  expect(asked).toBeGreaterThan(50);
  // Three callers at once may find it out together, four or five times in a second.
  expect((await sessions()) - before).toBeLessThan(20);
  await setReadOnly(false);
  await expect
    .poll(() =>
      database.query(beat, ["last"]).then(
        () => "written",
        (error) => error.code,
      ),
    )
    .toBe("written");
});

it("an error of the statement is the caller's own", async () => {
  await using database = openDatabase({ url, schema: "one", poolSize: 2, withinMs: 1_000 });
  const wrong = { name: "wrong", sql: () => "SELECT 1 / $1::integer" };
  await expect(database.query(wrong, [0])).rejects.toThrow("division by zero");
  expect(await database.query(wrong, [1])).toEqual([{ "?column?": 1 }]);
});
