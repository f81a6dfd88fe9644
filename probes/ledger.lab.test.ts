import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findPostgres, type PostgresBinaries } from "../fixtures/lab/postgres/binaries.ts";
import { connected } from "../fixtures/lab/postgres/connect.ts";
import { newDataDirectory, superuser } from "../fixtures/lab/postgres/data-directory.ts";
import { startPostgres } from "../fixtures/lab/postgres/server.ts";
import { freezeFamily, thawFamily } from "../fixtures/lab/processes.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { ledger } from "./ledger.ts";

const octet = 1 + (process.pid % 250);
const [lost, survivor] = [`127.202.${octet}.5`, `127.203.${octet}.5`];
let binaries: PostgresBinaries;
let directory: string;

beforeAll(async () => {
  binaries = await findPostgres();
  directory = await mkdtemp(join(tmpdir(), "gameday-ledger-"));
  await chmod(directory, 0o755);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** One real server in the lost region and, when asked for, another in the survivor: independent ones, as after a split. */
async function stage({ both = false }: { both?: boolean } = {}) {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(directory, "case-"));
  await chmod(home, 0o755);
  const passwords: Record<string, string> = {};
  const start = async (host: string) => {
    const dataDirectory = join(home, host);
    passwords[host] = await newDataDirectory(binaries, dataDirectory);
    return stack.use(await startPostgres({ binaries, dataDirectory, host, port: 5432 }));
  };
  const primary = await start(lost);
  if (both) await start(survivor);
  const rehearsal = rehearse({
    environment: {
      regions: { lost: "us-east-2", survivor: "us-west-2", controlPlanes: "us-east-1" },
      platform: {
        name: "test",
        deployments: ["dep-01", "dep-02"].map((name) => ({ name, host: name })),
        port: 1,
        token: "",
        controlPlane: { url: "", token: "", clusterId: "" },
        ingressName: "",
        warmStandby: [],
      },
      database: (region) => {
        const host = region === "us-east-2" ? lost : survivor;
        return `postgres://${superuser}:${encodeURIComponent(passwords[host] ?? "none")}@${host}:5432/postgres`;
      },
      // Nobody is there: the regions have no snapshots.
      aws: (region) => ({
        region,
        endpoint: `http://${lost}:1`,
        credentials: { accessKeyId: "a", secretAccessKey: "s" },
      }),
      names: {
        globalCluster: "",
        databaseCluster: {},
        eksCluster: {},
        hostedZoneId: "",
        bucket: {},
        imageBucket: {},
      },
    },
  });
  const watching = stack.use(await ledger({ everyMs: 40, withinMs: 300 }).start(rehearsal.run));
  const owned = stack.move();
  return { ...rehearsal, primary, passwords, watching, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

test("acknowledged markers are on the server, once each, and those refused elsewhere are certain", async () => {
  await using at = await stage();
  await expect.poll(() => at.ended("append").filter(({ type }) => type === "ok").length).toBeGreaterThan(10);
  expect(at.watching.standing?.()).toBeUndefined();
  const refused = at.ended("append").filter(({ type }) => type !== "ok");
  expect(new Set(refused.map(({ type, error }) => `${type} ${error}`))).toEqual(new Set(["fail ECONNREFUSED"]));
  expect(refused.every(({ value }) => Object(value).answered)).toBe(true);
  await at.watching[Symbol.asyncDispose]();
  const acknowledged = at.ended("append").filter(({ type }) => type === "ok").length;
  const login = { host: lost, port: 5432, user: superuser, password: at.passwords[lost] ?? "", database: "postgres" };
  const rows = await connected(
    login,
    async (client) => (await client.query("SELECT DISTINCT deployment, seq FROM gameday_ledger")).rows,
  );
  expect(rows).toHaveLength(acknowledged);
});

test("a marker whose answer never came is in doubt, and so is nothing else", async () => {
  await using at = await stage();
  await expect.poll(() => at.ended("append").some(({ type }) => type === "ok")).toBe(true);
  freezeFamily(at.primary.pid);
  try {
    await expect.poll(() => at.ended("append").some(({ type }) => type === "info"), { timeout: 5_000 }).toBe(true);
    await expect.poll(() => at.watching.standing?.(), { timeout: 5_000 }).toContain("no region accepts markers");
    const silent = () => at.ended("append").filter(({ error }) => error?.startsWith("timeout"));
    await expect.poll(silent, { timeout: 5_000 }).not.toEqual([]);
    expect(silent().every(({ value }) => Object(value).answered === false)).toBe(true);
  } finally {
    thawFamily(at.primary.pid);
  }
});

test("reads back the survivor's own copy, with how often each marker is there", async () => {
  await using at = await stage({ both: true });
  await at.watching.takeStock?.("survivor");
  expect(at.ended("read")[0]).toMatchObject({ type: "fail", error: "42P01" });
  const login = {
    host: survivor,
    port: 5432,
    user: superuser,
    password: at.passwords[survivor] ?? "",
    database: "postgres",
  };
  await connected(login, async (client) => {
    await client.query("CREATE TABLE gameday_ledger (region text, deployment text, seq integer)");
    await client.query("INSERT INTO gameday_ledger VALUES ('us-east-2', 'dep-09', 7), ('us-east-2', 'dep-09', 7)");
  });
  await at.watching.takeStock?.("survivor");
  expect(at.ended("read")[1]).toMatchObject({
    type: "ok",
    value: { rows: expect.arrayContaining([["dep-09", 7, "us-east-2", 2]]) },
  });
});

test("a copy that another region writes to opens an epoch, and what the old one takes from then on is looked for", async () => {
  await using at = await stage({ both: true });
  const epochsOf = (host: string) =>
    at.ops.flatMap((op) => {
      if (op.type !== "invoke" || op.f !== "append" || Object(op.value).region !== host) return [];
      const end = at.ended("append").find(({ invoke }) => invoke === op.index);
      return end?.type === "ok" ? [Object(end.value).epoch] : [];
    });
  await expect.poll(() => epochsOf("us-east-2").length).toBeGreaterThan(5);
  expect(new Set(epochsOf("us-east-2"))).toEqual(new Set([1]));
  await connected(
    { host: survivor, port: 5432, user: superuser, password: at.passwords[survivor] ?? "", database: "postgres" },
    async (client) => {
      await client.query("CREATE TABLE gameday_epochs (epoch integer PRIMARY KEY, region text)");
      await client.query("INSERT INTO gameday_epochs VALUES (1, 'us-east-2')");
      await client.query("CREATE TABLE gameday_ledger (region text, deployment text, seq integer, epoch integer)");
    },
  );
  await expect.poll(() => epochsOf("us-west-2").length).toBeGreaterThan(5);
  expect(new Set(epochsOf("us-west-2"))).toEqual(new Set([2]));
  expect(new Set(epochsOf("us-east-2"))).toEqual(new Set([1]));
  await at.watching[Symbol.asyncDispose]();
  const searches = at.ops.filter(({ type, f }) => type === "invoke" && f === "find");
  expect(searches.map(({ value }) => value)).toMatchObject([
    { writer: "us-east-2", epoch: 1, region: "us-east-2" },
    { writer: "us-east-2", epoch: 1, region: "us-west-2" },
  ]);
  const [there, elsewhere] = searches.map(({ index }) => at.ended("find").find(({ invoke }) => invoke === index));
  expect(Object(there?.value).markers.length).toBeGreaterThan(3);
  expect(elsewhere?.value).toEqual({ markers: [] });
});
