import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testAccount, testEndpoint } from "../fixtures/lab/aws/testing.ts";
import { createObjectStore } from "../fixtures/lab/objects.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { logKey } from "../platform/airflow/logs.ts";
import { findLogs, logOf } from "./logs.ts";

/** A region whose bucket holds these keys. */
async function stage(keys: readonly string[]) {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "logs-probe-"));
  stack.defer(() => rm(directory, { recursive: true }));
  const peer = { region: "east", on: () => undefined, send: () => Promise.reject(new Error("no other region")) };
  const { accountId } = testAccount;
  const { store, s3 } = stack.use(await createObjectStore({ accountId, directory, peer, otherRegions: [] }));
  const bucket = await store.createBucket("logs");
  await Promise.all(keys.map((key) => store.put(bucket, key, Buffer.from(key), {})));
  const endpoint = stack.use(await testEndpoint({ s3 }));
  const names = {
    globalCluster: "",
    databaseCluster: {},
    eksCluster: {},
    hostedZoneId: "",
    bucket: { east: "logs" },
    imageBucket: {},
  };
  const owned = stack.move();
  const rehearsal = rehearse({ environment: { aws: () => endpoint.client, names } });
  return { ...rehearsal, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const row = (id: number) => ({ id, dag_id: "continuous", dag_run_id: `r${id}`, task_id: "work", try_number: 1 });
const rows = Array.from({ length: 1_100 }, (_, id) => row(id));

test("names a task's log as the platform does", () => {
  const name = { dag_id: "continuous", run_id: "r7", task_id: "work", try_number: 1 };
  expect(logOf("dep-01", row(7)).key).toBe(logKey("dep-01", name));
});

test("tells which of many named logs the bucket lacks, whatever folder they are in", async () => {
  const named = rows.map((one) => logOf("dep-01", one));
  const missing = new Set([3, 700, 1_099]);
  const there = named.filter((_, n) => !missing.has(n)).map(({ key }, n) => (n % 2 === 0 ? key : `airflow/${key}`));
  await using at = await stage([...there, logOf("dep-02", row(3)).key]);
  const absent = await findLogs(at.run, "east", named);
  expect(absent.map(({ id }) => id)).toEqual(["3", "700", "1099"]);
  expect(at.ended("logs")).toMatchObject([{ type: "ok", value: { named: 1_100, absent } }]);
});

test("a bucket that cannot be listed tells nothing", async () => {
  await using at = await stage([]);
  expect(await findLogs(at.run, "west", [logOf("dep-01", row(1))])).toHaveLength(1);
  expect(at.ended("logs")).toMatchObject([{ type: "fail" }]);
});
