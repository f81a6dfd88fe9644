import { once } from "node:events";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { EgressDescription } from "../../harness/egress.ts";
import { rehearse } from "../../harness/rehearsal.ts";
import { type EgressOptions, egress } from "./egress.ts";
import type { Line } from "./recorder/lines.ts";
import { startRecorder } from "./recorder/recorder.ts";

// These start servers of their own, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });
const patiently = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 });

const root = join(import.meta.dirname, "../..");
const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

function stage(change: Partial<EgressDescription> = {}) {
  const directory = mkdtempSync(join(tmpdir(), "gameday-egress-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const world: EgressDescription = {
    directory,
    root,
    actors: [{ by: "control-plane" }, { by: "west/", region: "west" }],
    ranges: [["127.10.0.0/16", "east"]],
    names: [["east.example", "east"]],
    ...change,
  };
  const rehearsal = rehearse({
    environment: {
      egress: world,
      regions: { lost: "east", survivor: "west", controlPlanes: "north" },
      regionOf: (address) =>
        address.startsWith("127.10.") ? "east" : address.startsWith("127.20.") ? "west" : undefined,
    },
  });
  const began = monotonicMs();
  return {
    ...rehearsal,
    directory,
    write(file: string, ...lines: (Line | string)[]): void {
      const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
      appendFileSync(join(directory, `${file}.ndjson`), `${text.join("\n")}\n`);
    },
    hello: (label: string): Line => ({
      hello: { label, pid: 7, machine: hostname(), monotonicMs: began, wallMs: 0, sdk: "loaded" },
    }),
    start: (options: Partial<EgressOptions> = {}) => egress({ allowed: [], ...options }).start(rehearsal.run),
    attempts: () =>
      rehearsal.ops.flatMap((op) => {
        const invoked = op.type !== "invoke" && op.f === "attempt" ? rehearsal.ops[op.invoke] : undefined;
        return invoked === undefined || op.type === "invoke" ? [] : [{ ...Object(invoked.value), end: op }];
      }),
  };
}

const call = (began: number, more: object = {}) =>
  ({ id: 1, via: "sdk", at: 0, began, tookMs: 20, end: "ok", host: "127.10.0.1", port: 443, ...more }) as Line;
const frames = (...lines: string[]): Line => ({ stack: 0, frames: lines.map((line) => `file://${root}/${line}:1`) });

test("tells the world once, and beats and attempts as they come, with the lines of code", async () => {
  const at = stage();
  const file = join(at.directory, "ip-ranges.txt");
  writeFileSync(file, JSON.stringify({ prefixes: [{ ip_prefix: "3.5.0.0/16", region: "us-east-1" }] }));
  const allowed = [{ by: "control-plane", because: "a reason" }];
  await using _watching = await at.start({ allowed, ipRangesFile: file });
  expect(at.ops[0]).toMatchObject({
    f: "watch",
    value: {
      actors: [{ by: "control-plane" }, {}],
      ranges: [
        ["127.10.0.0/16", "east"],
        ["3.5.0.0/16", "us-east-1"],
      ],
      controlPlanes: "north",
      allowed,
    },
  });
  const now = monotonicMs();
  const stack = frames("platform/b.ts:7", "node_modules/x/y.js:3", "platform/a.ts:2");
  at.write(
    "one",
    at.hello("control-plane"),
    { beat: now, seen: 3, dropped: 0 },
    stack,
    call(now, { service: "ssm", operation: "GetParameter", status: 200 }),
  );
  await patiently(at.attempts).toMatchObject([
    {
      by: "control-plane",
      pid: 7,
      via: "sdk",
      host: "127.10.0.1",
      service: "ssm",
      operation: "GetParameter",
      at: "platform/b.ts:7",
      through: ["platform/a.ts:2"],
      end: { type: "ok", value: { tookMs: 20, status: 200 } },
    },
  ]);
  expect(at.ended("beat")).toMatchObject([{ type: "ok", value: { seen: 3, dropped: 0 } }]);
  at.write("one", call(monotonicMs(), { end: "info", error: "TimeoutError" }));
  await patiently(() => at.attempts()[1]?.end).toMatchObject({ type: "info", error: "TimeoutError" });
});

test("puts together what is near, or expected, and nothing else", async () => {
  const at = stage();
  const watching = await at.start({ allowed: [{ by: "control-plane", from: "probes/", because: "it looks" }] });
  const now = monotonicMs();
  const many = (more: object) => Array.from({ length: 3 }, (_, n) => call(now + n, more));
  at.write("near", at.hello("control-plane"), frames("platform/a.ts:1"), ...many({ host: "127.20.0.1" }));
  at.write("far", at.hello("control-plane"), frames("platform/a.ts:1"), ...many({}));
  at.write(
    "expected",
    at.hello("control-plane"),
    frames("probes/a.ts:1"),
    ...many({ tookMs: 30 }),
    call(now, { count: 5 }),
  );
  at.write("own", at.hello("west/node-1"), frames("app/a.ts:1"), ...many({ host: "127.20.9.9", within: "pod" }));
  await watching[Symbol.asyncDispose]();
  const told = at.attempts().map(({ by, host, at: place, count }) => [by, host, place, count]);
  expect(told).toHaveLength(6);
  expect(told).toEqual(
    expect.arrayContaining([
      ["control-plane", "127.20.0.1", "platform/a.ts:1", 3],
      ["control-plane", "127.10.0.1", "platform/a.ts:1", undefined],
      ["control-plane", "127.10.0.1", "probes/a.ts:1", 8],
      ["west/node-1", "127.20.9.9", "app/a.ts:1", 3],
    ]),
  );
});

test("what has not ended when the run is over has no known end, and is not told twice when it has", async () => {
  const at = stage();
  const watching = await at.start();
  const now = monotonicMs();
  const open = (number: number) => ({ open: number, via: "socket", began: now, host: "127.10.0.1", port: 1 }) as const;
  at.write("one", at.hello("control-plane"), open(1), open(2), call(now, { id: 1 }));
  await watching[Symbol.asyncDispose]();
  expect(at.attempts().map(({ end }) => [end.type, end.error])).toEqual([
    ["ok", undefined],
    ["info", "not ended when the run was over"],
  ]);
});

test("waits for the end of a line, and says where something is that no recorder wrote", async () => {
  const at = stage();
  await using _watching = await at.start();
  at.write("one", at.hello("control-plane"), "what is this", { stack: 0, frames: [] });
  const [head, tail] = [
    JSON.stringify(call(monotonicMs())).slice(0, 20),
    JSON.stringify(call(monotonicMs())).slice(20),
  ];
  appendFileSync(join(at.directory, "one.ndjson"), head);
  await patiently(() => at.ended("read")).toMatchObject([{ type: "fail", error: "not a line of a recorder" }]);
  expect(at.attempts()).toEqual([]);
  appendFileSync(join(at.directory, "one.ndjson"), `${tail}\n`);
  await patiently(() => at.attempts().length).toBe(1);
});

test("an old attempt is no part of the run", async () => {
  const at = stage();
  const watching = await at.start();
  at.write("one", at.hello("control-plane"), call(monotonicMs() - 60_000), {
    beat: monotonicMs() - 60_000,
    seen: 1,
    dropped: 0,
  });
  await watching[Symbol.asyncDispose]();
  expect([at.attempts(), at.ended("beat")]).toEqual([[], []]);
});

test("of the name server's log only what leads into the lost region is told, and only what no recorder saw", async () => {
  const asked: object[] = [];
  const server = createServer(({ url = "" }, answer) => {
    const since = Number(new URL(url, "http://x").searchParams.get("since"));
    answer.end(JSON.stringify(asked.slice(since)));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const at = stage({ queryLogUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
  const watching = await at.start();
  const now = monotonicMs() + 50;
  const query = (name: string, code = 0) =>
    asked.push({ index: asked.length, monotonicMs: now, source: "127.0.0.9", name, code });
  query("registry.east.example");
  query("seen.east.example");
  query("dep-01.airflow.example");
  query("gone.east.example", 3);
  at.write("one", at.hello("control-plane"), {
    id: 1,
    via: "dns",
    began: now + 5,
    tookMs: 1,
    end: "ok",
    host: "seen.east.example",
  });
  await patiently(() => at.attempts().length).toBeGreaterThan(0);
  await watching[Symbol.asyncDispose]();
  const unrecorded = at.attempts().filter(({ via }) => via === "dns-log");
  expect(unrecorded.map(({ by, host, end }) => [by, host, end.type])).toEqual([
    ["unrecorded 127.0.0.9", "registry.east.example", "ok"],
    ["unrecorded 127.0.0.9", "gone.east.example", "fail"],
  ]);
});

test("a proxy tells of programs that cannot be recorded, by their names", async () => {
  const server = createServer(({ url, headers }, answer) => answer.end(`${url} ${headers["proxy-authorization"]}`));
  onTestFinished(() => void server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const place = { host: "127.0.0.1", port: 20_000 + (process.pid % 10_000) };
  const at = stage({ proxy: place });
  const watching = await at.start();
  const authorization = { "proxy-authorization": `Basic ${Buffer.from("aws-cli:").toString("base64")}` };
  const ask = (path: string, headers: object = {}) =>
    request({ ...place, path, headers: { ...authorization, ...headers }, agent: false });

  const scope = "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x";
  const [plain] = await once(ask(`http://127.0.0.1:${port}/path?x=1`, { authorization: scope }).end(), "response");
  expect((await plain.setEncoding("utf8").toArray()).join("")).toBe("/path?x=1 undefined");

  const tunnel = request({
    ...place,
    method: "CONNECT",
    path: `127.0.0.1:${port}`,
    headers: authorization,
    agent: false,
  }).end();
  const [answer, socket] = await once(tunnel, "connect");
  socket.write("GET /inside HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
  expect([answer.statusCode, (await socket.setEncoding("utf8").toArray()).join("")]).toEqual([
    200,
    expect.stringContaining("/inside"),
  ]);
  const refused = request({ ...place, method: "CONNECT", path: "127.0.0.1:1", agent: false }).end();
  expect((await once(refused, "connect"))[0].statusCode).toBe(502);
  expect((await once(ask("/no-proxy-request").end(), "response"))[0].statusCode).toBe(400);

  await watching[Symbol.asyncDispose]();
  const told = at.attempts().filter(({ by }) => by === "proxy");
  expect(told).toMatchObject([
    {
      via: "proxy",
      host: "127.0.0.1",
      port,
      service: "iam",
      signedRegion: "us-east-1",
      end: { type: "ok", value: { status: 200 } },
    },
    { via: "proxy", host: "127.0.0.1", port, address: "127.0.0.1", within: "aws-cli", end: { type: "ok" } },
    { via: "proxy", port: 1, within: "127.0.0.1", end: { type: "fail", error: "ECONNREFUSED" } },
  ]);
});

test("the line of this test is told of what it does itself", async () => {
  const at = stage({ actors: [{ by: "this test" }] });
  const watching = await at.start();
  {
    using _recorder = await startRecorder({ label: "this test", directory: at.directory, clients: [] });
    await fetch("http://127.10.0.1:65432/").catch(() => undefined);
  }
  await watching[Symbol.asyncDispose]();
  const [seen] = at.attempts().filter(({ via }) => via === "http");
  expect(seen).toMatchObject({ by: "this test", at: expect.stringMatching(/^probes\/egress\/egress\.test\.ts:\d+$/) });
  expect(at.ended("beat").length).toBeGreaterThan(0);
});

test("writes nothing where nothing is recorded", async () => {
  const rehearsal = rehearse({
    environment: { egress: undefined, regions: { lost: "a", survivor: "b", controlPlanes: "c" } } as object,
  });
  await (await egress({ allowed: [] }).start(rehearsal.run))[Symbol.asyncDispose]();
  expect(rehearsal.ops).toEqual([]);
});
