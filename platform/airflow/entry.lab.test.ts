import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startAwsEndpoint } from "../../fixtures/lab/aws/server.ts";
import { createObjectStore } from "../../fixtures/lab/objects.ts";
import { findPostgres } from "../../fixtures/lab/postgres/binaries.ts";
import { connected } from "../../fixtures/lab/postgres/connect.ts";
import { newDataDirectory, superuser } from "../../fixtures/lab/postgres/data-directory.ts";
import { type PostgresServer, startPostgres } from "../../fixtures/lab/postgres/server.ts";
import { freezeFamily, thawFamily } from "../../fixtures/lab/processes.ts";
import { start as startController } from "../plugins/airflow-controller/entry.ts";
import { start } from "./entry.ts";

const network = `127.202.${1 + (process.pid % 250)}`;
const database = { host: `${network}.5`, port: 5432 };
const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
const open = new AsyncDisposableStack();
let postgres: PostgresServer;
let env: Record<string, string>;
let pods = 0;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "airflow-"));
  open.defer(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o711);
  const binaries = await findPostgres();
  const password = await newDataDirectory(binaries, join(directory, "data"));
  postgres = open.use(await startPostgres({ binaries, dataDirectory: join(directory, "data"), ...database }));
  await connected({ ...database, user: superuser, password, database: "postgres" }, (client) =>
    client.query("CREATE DATABASE airflow"),
  );
  const accountId = "000000000000";
  const peer = { region: "us-east-2", on: () => undefined, send: () => Promise.reject(new Error("no other region")) };
  const objects = open.use(
    await createObjectStore({ accountId, directory: join(directory, "objects"), peer, otherRegions: [] }),
  );
  const endpoint = open.use(
    await startAwsEndpoint({
      region: "us-east-2",
      host: "127.0.0.1",
      port: 0,
      accounts: [{ accountId, ...credentials }],
      services: { s3: objects.s3 },
    }),
  );
  const s3 = new S3Client({ region: "us-east-2", endpoint: endpoint.url, credentials, forcePathStyle: true });
  await s3.send(
    new CreateBucketCommand({ Bucket: "logs", CreateBucketConfiguration: { LocationConstraint: "us-east-2" } }),
  );
  s3.destroy();
  env = {
    DATABASE_URL: `postgres://${superuser}:${password}@${database.host}:${database.port}/airflow`,
    DATABASE_WITHIN_MS: "400",
    DATABASE_POOL_SIZE: "4",
    API_TOKEN: "token",
    AWS_REGION: "us-east-2",
    LOG_BUCKET: "logs",
    S3_ENDPOINT: endpoint.url,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    TASK_DURATION_MIN_MS: "100",
    TASK_DURATION_MAX_MS: "200",
    SCHEDULER_EVERY_MS: "100",
  };
}, 60_000);
afterAll(() => open.disposeAsync());

/** A deployment of its own in a pod of its own, ready to serve. */
async function deployment(change: Record<string, string> = {}) {
  pods += 1;
  const podIp = `${network}.${10 + pods}`;
  const name = `dep-${String(pods).padStart(2, "0")}`;
  const pod = await start({
    env: { ...env, DEPLOYMENT: name, DATABASE_SCHEMA: name.replace("-", "_"), ...change },
    podIp,
    ports: [8080],
  });
  await expect.poll(() => pod.ready(), { interval: 10, timeout: 10_000 }).toBe(true);
  const call = async (method: string, path: string, body?: unknown, authorization = "Bearer token") => {
    const reply = await fetch(`http://${podIp}:8080${path}`, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await reply.text();
    // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the API says
    return { status: reply.status, body: (text === "" ? undefined : JSON.parse(text)) as any };
  };
  const metrics = async () => {
    const reply = await fetch(`http://${podIp}:8080/metrics`);
    return { type: reply.headers.get("content-type"), text: await reply.text() };
  };
  return { name, call, metrics, pod, [Symbol.asyncDispose]: () => pod.stop() };
}
type Deployment = Awaited<ReturnType<typeof deployment>>;

const fetchJob = async ({ call }: Deployment, worker: string) =>
  (await call("POST", `/edge_worker/v1/jobs/fetch/${worker}`, {})).body;
const tasksIn = async ({ call }: Deployment, query = "") =>
  (await call("GET", `/api/v2/dags/~/dagRuns/~/taskInstances${query}`)).body;

it("a deployment shows its tasks and its scheduler's heartbeat as OpenMetrics, without a token", async () => {
  await using airflow = await deployment({ MAX_ACTIVE_TASKS: "3" });
  const job = await fetchJob(airflow, "w1");
  await airflow.call("PATCH", `/execution/task-instances/${job.id}/run`, { hostname: "w1", try_number: 1 });
  const { type, text } = await airflow.metrics();
  expect(type).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
  expect(text).toContain('airflow_tasks{state="running"} 1\n');
  expect(text).toContain('airflow_tasks{state="queued"} 2\n');
  expect(text).toMatch(/\nairflow_scheduler_heartbeat_age_seconds 0\.\d+\n/);
  expect(text).toContain("\nairflow_database_errors_total 0\n");
  expect(text.endsWith("# EOF\n")).toBe(true);
});

it("runs that have ended long ago are removed by the controller, and no others", async () => {
  await using airflow = await deployment({ MAX_ACTIVE_TASKS: "2" });
  const { call } = airflow;
  const job = await fetchJob(airflow, "w1");
  const me = { hostname: "w1", try_number: 1 };
  await call("PATCH", `/execution/task-instances/${job.id}/run`, me);
  await call("POST", `/execution/xcoms/${job.id}`, { worker: "w1", try_number: 1, value: 1 });
  await call("PATCH", `/execution/task-instances/${job.id}/state`, { ...me, state: "success" });
  const controller = await startController({
    env: { DATABASE_URL: env["DATABASE_URL"] ?? "", KEEP_MS: "1", CLEAN_EVERY_MS: "50" },
    podIp: `${network}.200`,
    ports: [9090],
  });
  try {
    const runs = async () => (await call("GET", "/api/v2/dags/~/dagRuns")).body.dag_runs;
    await expect
      .poll(async () => (await runs()).some((run: { state: string }) => run.state === "success"), { timeout: 5_000 })
      .toBe(false);
    expect((await tasksIn(airflow)).task_instances.map(({ id }: { id: string }) => id)).not.toContain(job.id);
    expect((await call("GET", "/api/v2/dags/~/dagRuns/~/taskInstances/~/xcomEntries")).body.total_entries).toBe(0);
    expect((await runs()).length).toBeGreaterThan(0);
  } finally {
    await controller.stop();
  }
});

describe("a task", () => {
  let airflow: Deployment;
  beforeEach(async () => {
    airflow = await deployment({ MAX_ACTIVE_TASKS: "3" });
    return () => airflow.pod.stop();
  });

  it("is fetched, run, kept alive, logged and finished by one worker", async () => {
    const { call } = airflow;
    const job = await fetchJob(airflow, "w1");
    expect(job).toMatchObject({ dag_id: "continuous", task_id: "work", try_number: 1 });
    expect(job.duration_ms).toBeGreaterThanOrEqual(100);
    const me = { hostname: "w1", try_number: 1 };
    const task = `/execution/task-instances/${job.id}`;
    expect((await call("PATCH", `${task}/run`, me)).status).toBe(200);
    expect((await call("PUT", `${task}/heartbeat`, me)).status).toBe(204);
    expect((await call("POST", `/edge_worker/v1/logs/push/${job.id}/1`, "hello\n")).status).toBe(200);
    const output = { worker: "w1", try_number: 1, value: { rows: 7 } };
    expect((await call("POST", `/execution/xcoms/${job.id}`, output)).status).toBe(201);
    expect((await call("PATCH", `${task}/state`, { ...me, state: "success" })).status).toBe(204);
    expect((await call("PATCH", `${task}/state`, { ...me, state: "success" })).status).toBe(204);
    expect((await call("PUT", `${task}/heartbeat`, me)).status).toBe(409);

    const log = await call("GET", `/api/v2/dags/continuous/dagRuns/${job.run_id}/taskInstances/work/logs/1`);
    expect(log.body.content).toBe("hello\n");
    const outputs = await call("GET", "/api/v2/dags/~/dagRuns/~/taskInstances/~/xcomEntries");
    expect(outputs.body).toMatchObject({
      total_entries: 1,
      xcom_entries: [{ task_instance_id: job.id, try_number: 1, worker: "w1", value: { rows: 7 } }],
    });
    const runs = await call("GET", "/api/v2/dags/continuous/dagRuns");
    expect(runs.body.dag_runs).toContainEqual(expect.objectContaining({ dag_run_id: job.run_id, state: "success" }));
  });

  it("is given to one worker only, and to the same one again when its answer was lost", async () => {
    const [one, again, other] = [
      await fetchJob(airflow, "w1"),
      await fetchJob(airflow, "w1"),
      await fetchJob(airflow, "w2"),
    ];
    expect(again.id).toBe(one.id);
    expect(other.id).not.toBe(one.id);
    const run = `/execution/task-instances/${one.id}/run`;
    expect((await airflow.call("PATCH", run, { hostname: "w2", try_number: 1 })).status).toBe(409);
    expect((await airflow.call("PATCH", run, { hostname: "w1", try_number: 1 })).status).toBe(200);
    expect((await airflow.call("PATCH", run, { hostname: "w1", try_number: 1 })).status).toBe(200);
  });

  it("takes outputs of the try that runs, again when the answer was lost, and of no other", async () => {
    const job = await fetchJob(airflow, "w1");
    const outputOf = async (worker: string, attempt: number) =>
      (await airflow.call("POST", `/execution/xcoms/${job.id}`, { worker, try_number: attempt, value: null })).status;
    expect(await outputOf("w1", 1)).toBe(409);
    await airflow.call("PATCH", `/execution/task-instances/${job.id}/run`, { hostname: "w1", try_number: 1 });
    expect([await outputOf("w2", 1), await outputOf("w1", 2), await outputOf("w1", 1)]).toEqual([409, 409, 201]);
    expect(await outputOf("w1", 1)).toBe(201);
    const outputs = await airflow.call("GET", "/api/v2/dags/~/dagRuns/~/taskInstances/~/xcomEntries");
    expect(outputs.body.total_entries).toBe(2);
  });

  it("is missing when the database does not know it", async () => {
    const me = { hostname: "w1", try_number: 1 };
    expect((await airflow.call("PUT", "/execution/task-instances/lost/heartbeat", me)).status).toBe(404);
    expect(
      (await airflow.call("PATCH", "/execution/task-instances/lost/state", { ...me, state: "success" })).status,
    ).toBe(404);
  });
});

describe("the scheduler", () => {
  it("keeps as many tasks queued or running as it may, and no more", async () => {
    await using airflow = await deployment({ MAX_ACTIVE_TASKS: "4" });
    const job = await fetchJob(airflow, "w1");
    const me = { hostname: "w1", try_number: 1 };
    await airflow.call("PATCH", `/execution/task-instances/${job.id}/run`, me);
    expect((await tasksIn(airflow)).total_entries).toBe(4);
    await airflow.call("PATCH", `/execution/task-instances/${job.id}/state`, { ...me, state: "success" });
    await expect
      .poll(async () => (await tasksIn(airflow, "?state=queued&limit=2")).total_entries, { interval: 20 })
      .toBe(4);
    expect((await tasksIn(airflow, "?state=queued&limit=2")).task_instances).toHaveLength(2);
  });

  it("is listed with its host and a heartbeat that moves, beside those that were there before it", async () => {
    const schema = { DATABASE_SCHEMA: `dep_${pods + 1}_listed` };
    const first = await deployment(schema);
    const jobsSeenBy = async ({ call }: Deployment): Promise<{ hostname: string; latest_heartbeat: string }[]> =>
      (await call("GET", "/api/v2/jobs?job_type=SchedulerJob")).body.jobs;
    const [old] = await jobsSeenBy(first);
    await expect.poll(async () => (await jobsSeenBy(first))[0]?.latest_heartbeat).not.toBe(old?.latest_heartbeat);
    await first[Symbol.asyncDispose]();
    await using second = await deployment(schema);
    const [gone, own] = await jobsSeenBy(second);
    expect([gone?.hostname, own?.hostname]).toEqual([`${network}.${10 + pods - 1}`, `${network}.${10 + pods}`]);
    await expect.poll(async () => (await jobsSeenBy(second))[1]?.latest_heartbeat).not.toBe(own?.latest_heartbeat);
    expect((await jobsSeenBy(second))[0]).toEqual(gone);
    expect((await second.call("GET", "/api/v2/jobs?job_type=TriggererJob")).body).toEqual({
      jobs: [],
      total_entries: 0,
    });
  });

  it("gives a silent task its next try, and its old worker is told so", async () => {
    await using airflow = await deployment({
      MAX_ACTIVE_TASKS: "1",
      HEARTBEAT_TIMEOUT_MS: "150",
      HEARTBEAT_CHECK_EVERY_MS: "50",
    });
    const job = await fetchJob(airflow, "w1");
    const me = { hostname: "w1", try_number: 1 };
    await airflow.call("PATCH", `/execution/task-instances/${job.id}/run`, me);
    await expect.poll(async () => (await tasksIn(airflow)).task_instances[0].try_number, { interval: 20 }).toBe(2);
    expect((await airflow.call("PUT", `/execution/task-instances/${job.id}/heartbeat`, me)).status).toBe(409);
    expect(
      (await airflow.call("PATCH", `/execution/task-instances/${job.id}/state`, { ...me, state: "success" })).status,
    ).toBe(409);
    expect(await fetchJob(airflow, "w1")).toMatchObject({ id: job.id, try_number: 2 });
    const task = `/execution/task-instances/${job.id}`;
    expect((await airflow.call("PATCH", `${task}/run`, me)).status).toBe(409);
    expect((await airflow.call("PATCH", `${task}/run`, { ...me, try_number: 2 })).status).toBe(200);
    expect((await airflow.call("PUT", `${task}/heartbeat`, me)).status).toBe(409);
    expect((await airflow.call("PATCH", `${task}/state`, { ...me, state: "success" })).status).toBe(409);
    expect((await airflow.call("PUT", `${task}/heartbeat`, { ...me, try_number: 2 })).status).toBe(204);
  });

  it("fails a task that has no try left", async () => {
    await using airflow = await deployment({ MAX_ACTIVE_TASKS: "1", MAX_TRIES: "2" });
    for (const try_number of [1, 2]) {
      const { id } = await fetchJob(airflow, "w1");
      await airflow.call("PATCH", `/execution/task-instances/${id}/run`, { hostname: "w1", try_number });
      await airflow.call("PATCH", `/execution/task-instances/${id}/state`, {
        hostname: "w1",
        try_number,
        state: "failed",
      });
    }
    const { task_instances } = await tasksIn(airflow, "?state=failed");
    expect(task_instances).toMatchObject([{ try_number: 2 }]);
  });
});

describe("users", () => {
  it("write variables and read them back", async () => {
    await using airflow = await deployment();
    const { call } = airflow;
    expect((await call("POST", "/api/v2/variables", { key: "a b", value: "1" })).status).toBe(201);
    expect((await call("POST", "/api/v2/variables", { key: "a b", value: "2" })).status).toBe(200);
    expect((await call("PATCH", "/api/v2/variables/a%20b", { value: "3" })).status).toBe(200);
    expect((await call("GET", "/api/v2/variables/a%20b")).body).toEqual({ key: "a b", value: "3" });
    expect((await call("DELETE", "/api/v2/variables/a%20b")).status).toBe(204);
    expect((await call("GET", "/api/v2/variables/a%20b")).status).toBe(404);
  });

  it("trigger a DAG, and are told which there are", async () => {
    await using airflow = await deployment();
    const run = await airflow.call("POST", "/api/v2/dags/on_demand/dagRuns", {});
    expect(run).toMatchObject({ status: 200, body: { dag_id: "on_demand" } });
    const tasks = await airflow.call("GET", `/api/v2/dags/~/dagRuns/${run.body.dag_run_id}/taskInstances`);
    expect(tasks.body.task_instances).toMatchObject([{ dag_id: "on_demand", state: "queued" }]);
    const unknown = await airflow.call("POST", "/api/v2/dags/other/dagRuns", {});
    expect(unknown).toMatchObject({ status: 404, body: { detail: "no DAG other; there are continuous, on_demand" } });
  });

  it("need a token, except for the health check", async () => {
    await using airflow = await deployment();
    expect((await airflow.call("GET", "/api/v2/variables/a", undefined, "Bearer other")).status).toBe(401);
    expect((await airflow.call("GET", "/api/v2/monitor/health", undefined, "")).body).toMatchObject({
      metadatabase: { status: "healthy" },
      scheduler: { status: "healthy" },
    });
  });

  it.each([
    [400, "{"],
    [422, { key: "", value: "x" }],
    [422, { key: "a" }],
    [413, JSON.stringify({ key: "a", value: "x".repeat(1_100_000) })],
    [400, { key: "a\u0000", value: "x" }],
  ])("are refused with %i for a body that cannot be", async (status, body) => {
    await using airflow = await deployment();
    expect((await airflow.call("POST", "/api/v2/variables", body)).status).toBe(status);
  });
});

it("answers 503 while its database is frozen, and serves again when it is back", async () => {
  await using airflow = await deployment();
  freezeFamily(postgres.pid);
  try {
    expect((await airflow.call("GET", "/api/v2/monitor/health")).status).toBe(503);
    expect((await airflow.call("POST", "/api/v2/variables", { key: "a", value: "1" })).status).toBe(503);
  } finally {
    thawFamily(postgres.pid);
  }
  await expect
    .poll(async () => (await airflow.call("GET", "/api/v2/monitor/health")).status, { interval: 50 })
    .toBe(200);
});

it("does not start with an environment that cannot be", async () => {
  await expect(
    start({ env: { ...env, DEPLOYMENT: "d", DATABASE_SCHEMA: "Bad-name" }, podIp: "127.0.0.1", ports: [0] }),
  ).rejects.toThrow("DATABASE_SCHEMA");
});
