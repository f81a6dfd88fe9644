import { execFile } from "node:child_process";
import dns from "node:dns";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeDBClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import type { AttemptLine, BeatLine, HelloLine, StackLine } from "./lines.ts";
import { type RecorderDoor, startRecorder } from "./recorder.ts";

vi.setConfig({ testTimeout: 60_000 });

const preload = join(import.meta.dirname, "preload.js");
const observed = join(import.meta.dirname, "testing/observed.ts");
const directory = mkdtempSync(join(tmpdir(), "gameday-recorder-"));
const server = createServer((_request, response) => response.writeHead(503).end());
let port = 0;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(directory, { recursive: true });
});

let runs = 0;
const freshDirectory = (): string => join(directory, String(++runs));

interface Recorded {
  readonly attempts: readonly AttemptLine[];
  readonly beats: readonly BeatLine[];
  readonly hello: HelloLine["hello"] | undefined;
  /** The innermost own frame of an attempt. */
  at(attempt: AttemptLine | undefined): string;
}

function recordedIn(lines: string): Recorded {
  const all = readdirSync(lines)
    .flatMap((name) => readFileSync(join(lines, name), "utf8").trimEnd().split("\n"))
    .map((text) => JSON.parse(text));
  const stacks: StackLine[] = all.filter((line) => "stack" in line);
  return {
    attempts: all.filter((line) => "tookMs" in line),
    beats: all.filter((line) => "beat" in line),
    hello: all.find((line) => "hello" in line)?.hello,
    at: (attempt) => stacks.find(({ stack }) => stack === attempt?.at)?.frames[0] ?? "nowhere",
  };
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function runNode(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Ran> {
  const { promise, resolve } = Promise.withResolvers<Ran>();
  const env = { ...process.env, NODE_OPTIONS: "--disable-warning=ExperimentalWarning", ...environment };
  execFile(process.execPath, args, { env }, (error, stdout, stderr) =>
    resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
  );
  return promise;
}

/** What is recorded of a program that goes these ways, one after the other. */
async function record(
  ways: readonly string[],
  { program = observed, flags = ["--import", preload] }: { program?: string; flags?: readonly string[] } = {},
): Promise<Recorded & Ran> {
  const lines = freshDirectory();
  const given = JSON.stringify({ label: "observed/one", directory: lines });
  const ran = await runNode([...flags, program, String(port), ...ways], { GAMEDAY_EGRESS: given });
  return { ...ran, ...recordedIn(lines) };
}

const source = readFileSync(observed, "utf8").split("\n");
const marked = (way: string): string =>
  `observed.ts:${1 + source.findIndex((text) => text.endsWith(`// here: ${way}`))}:`;

describe("a program that is recorded from its start", () => {
  let seen: Recorded & Ran;
  beforeAll(async () => {
    const ways = ["net", "tls", "http", "fetch", "undici", "resolve", "resolver", "lookup", "sdk", "old-sdk"];
    seen = await record(ways);
  }, 60_000);
  const attemptsOf = (way: string): AttemptLine[] => seen.attempts.filter((one) => seen.at(one).includes(marked(way)));

  it("runs as it would without", () => expect([seen.code, seen.stdout, seen.stderr]).toEqual([0, "done\n", ""]));

  it.each<[way: string, via: string, seen: Partial<AttemptLine>]>([
    ["net", "socket", { host: "127.0.0.1", address: "127.0.0.1", end: "ok" }],
    ["tls", "socket", { host: "127.0.0.1", address: "127.0.0.1", end: "ok" }],
    ["http", "socket", { host: "127.0.0.1", end: "ok" }],
    ["http", "http", { host: "127.0.0.1", address: "127.0.0.1", end: "ok", status: 503 }],
    ["fetch", "http", { host: "127.0.0.1", end: "ok", status: 503 }],
    ["fetch", "socket", { host: "127.0.0.1", address: "127.0.0.1", end: "ok" }],
    ["undici", "http", { host: "127.0.0.1", end: "ok", status: 503 }],
    ["resolve", "dns", { host: "resolve.invalid", end: "fail" }],
    ["resolver", "dns", { host: "resolver.invalid" }],
    ["lookup", "dns", { host: "localhost", end: "ok" }],
  ])("its %s is seen as %s, with destination, outcome and line", (way, via, wanted) => {
    const [attempt] = attemptsOf(way).filter((one) => one.via === via);
    expect(attempt).toMatchObject({ ...wanted, ...(via === "dns" ? {} : { port }) });
    expect(attempt?.tookMs).toBeGreaterThanOrEqual(0);
  });

  it("each try of an SDK call is seen once, with service, operation, signed region and the line of the call", () => {
    expect(seen.hello).toMatchObject({ label: "observed/one", sdk: "loaded" });
    const call = { host: "127.0.0.1", address: "127.0.0.1", port, service: "rds", signedRegion: "eu-west-1" };
    expect(attemptsOf("sdk")).toMatchObject(
      [1, 2, 3].map((attempt) => ({ via: "sdk", ...call, operation: "DescribeDBClusters", attempt, status: 503 })),
    );
  });

  it("clients of an older SDK are seen too", () => {
    expect(attemptsOf("old-sdk")[0]).toMatchObject({
      via: "sdk",
      service: "fis",
      operation: "ListExperiments",
      attempt: 1,
    });
  });

  it("beats show that it records", () => expect(seen.beats[0]).toMatchObject({ seen: 0, dropped: 0 }));
});

it("sees the SDK in a bundle, minified, without a map", async () => {
  const program = join(directory, "bundle.mjs");
  const banner = { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' };
  const common = { bundle: true, platform: "node", format: "esm", minify: true, keepNames: true, banner } as const;
  await build({ ...common, entryPoints: [observed], outfile: program, logLevel: "silent" });
  const { attempts, at, stdout } = await record(["sdk"], { program });
  expect(stdout).toBe("done\n");
  expect(attempts.map(({ via, operation, attempt }) => [via, operation, attempt])).toEqual(
    [1, 2, 3].map((attempt) => ["sdk", "DescribeDBClusters", attempt]),
  );
  expect(at(attempts[0])).toMatch(/bundle\.mjs:\d+:\d+$/);
});

it.each([
  ["before", ["--import", preload, "--import", "tsx"]],
  ["after", ["--import", "tsx", "--import", preload]],
])("loaded %s another loader, it leaves the SDK's code alone and reads signatures", async (_, flags) => {
  const { attempts, stdout, stderr } = await record(["sdk"], { flags });
  expect([stdout, stderr]).toEqual(["done\n", ""]);
  expect(attempts.filter(({ via }) => via === "http")).toMatchObject(
    [1, 2, 3].map((attempt) => ({ service: "rds", signedRegion: "eu-west-1", attempt, status: 503 })),
  );
});

const plain = [
  "--import",
  preload,
  "--eval",
  `require("node:net").connect(process.argv[1], "127.0.0.1").on("connect", () => process.exit(7))`,
];

it("leaves an error unhandled that the program does not handle", async () => {
  const nobody = createServer().listen(0, "127.0.0.1");
  await once(nobody, "listening");
  const { port: closed } = nobody.address() as AddressInfo;
  nobody.close();
  const lines = freshDirectory();
  const given = JSON.stringify({ label: "x", directory: lines });
  const ran = await runNode([...plain, String(closed)], { GAMEDAY_EGRESS: given });
  expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("ECONNREFUSED")]);
  expect(recordedIn(lines).attempts).toMatchObject([{ via: "socket", end: "fail", error: "ECONNREFUSED" }]);
});

it.each([
  ["no JSON", "nonsense", /not recorded: .*JSON/],
  ["no label", '{"directory":"x"}', /not recorded: GAMEDAY_EGRESS must be \{"label":"…","directory":"…"\}, not/],
  ["a directory that is a file", JSON.stringify({ label: "x", directory: join(directory, "file") }), /EEXIST|ENOTDIR/],
])("runs the program all the same with %s in its variable, and says why it does not record", async (_, given, said) => {
  writeFileSync(join(directory, "file"), "");
  const ran = await runNode([...plain, String(port)], { GAMEDAY_EGRESS: given });
  expect(ran).toMatchObject({ code: 7, stderr: expect.stringMatching(said) });
});

it("records each thread of a process in a file of its own", async () => {
  const lines = freshDirectory();
  const given = JSON.stringify({ label: "x", directory: lines });
  const program = join(directory, "threads.mjs");
  writeFileSync(
    program,
    `import { connect } from "node:net"; import { isMainThread, Worker } from "node:worker_threads";
     if (isMainThread) new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
     else connect(process.argv[2], "127.0.0.1").on("connect", () => process.exit());`,
  );
  await runNode(["--import", preload, program, String(port)], { GAMEDAY_EGRESS: given });
  expect(readdirSync(lines)).toHaveLength(2);
  expect(recordedIn(lines).attempts).toMatchObject([{ via: "socket", port, end: "ok" }]);
});

it("does nothing without its variable", async () => {
  expect(await runNode([...plain, String(port)], {})).toEqual({ code: 7, stdout: "", stderr: "" });
});

it("records this process by the classes that it is given, in the name of its parts, and puts everything back", async () => {
  const before = [
    Socket.prototype.connect,
    dns.lookup,
    dns.promises.resolve4,
    globalThis.fetch,
    RDSClient.prototype.send,
  ];
  const lines = freshDirectory();
  mkdirSync(lines);
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  const client = new RDSClient({ region: "eu-west-1", endpoint, credentials, maxAttempts: 1 });
  const ask = (): Promise<unknown> => client.send(new DescribeDBClustersCommand({})).catch(() => undefined);
  {
    using _recorder = await startRecorder({ label: "here", directory: lines, clients: [RDSClient] });
    const door: RecorderDoor = Reflect.get(globalThis, Symbol.for("gameday.egress"));
    await door.as("pod-1", ask);
    await expect(startRecorder({ label: "again", directory: lines })).rejects.toThrow("recorded already, as here");
  }
  await ask();
  expect(recordedIn(lines).attempts).toMatchObject([{ via: "sdk", service: "rds", within: "pod-1" }]);
  expect([
    Socket.prototype.connect,
    dns.lookup,
    dns.promises.resolve4,
    globalThis.fetch,
    RDSClient.prototype.send,
  ]).toEqual(before);
  client.destroy();
});
