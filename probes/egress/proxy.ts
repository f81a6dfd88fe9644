import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Attempts, createAttempts, endOf } from "./recorder/attempts.ts";
import { openLineFile } from "./recorder/file.ts";
import { helloOf } from "./recorder/hello.ts";
import { signedFor } from "./recorder/signature.ts";

export interface ProxyOptions {
  readonly host: string;
  readonly port: number;
  /** Its lines go in a file of its own in here. */
  readonly directory: string;
}

/**
 * A forward proxy that records where everything goes, for programs that are not Node: `HTTPS_PROXY=http://NAME@host:port`. The name tells who
 * it is, and needs no password. It tunnels by `CONNECT` and never looks inside; a plain request, in absolute form, tells its signature too.
 */
export async function startProxy({ host, port, directory }: ProxyOptions): Promise<AsyncDisposable & { url: string }> {
  mkdirSync(directory, { recursive: true });
  const file = openLineFile(join(directory, `proxy-${process.pid}.ndjson`));
  file.write(helloOf("proxy", "signatures"));
  const attempts = createAttempts(file.write);
  const open = new Set<Duplex>();
  const server = createServer((asked, answer) => void forward(attempts, asked, answer));
  server.on("connect", (asked: IncomingMessage, client: Duplex, head: Buffer) => {
    const remote = attempts.as(clientOf(asked), () => tunnel(attempts, asked, client, head));
    for (const one of [client, remote]) {
      open.add(one);
      one.once("close", () => open.delete(one));
    }
  });
  server.listen(port, host);
  await once(server, "listening");
  const bound = server.address() as AddressInfo;
  return {
    url: `http://${bound.address}:${bound.port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      for (const one of open) one.destroy();
      await once(server, "close");
      attempts.tell();
      file[Symbol.dispose]();
    },
  };
}

/** The user of `Proxy-Authorization`, or the client's address. */
function clientOf({ headers, socket }: IncomingMessage): string {
  const [, given = ""] = /^Basic (.+)$/i.exec(headers["proxy-authorization"] ?? "") ?? [];
  const [user = ""] = Buffer.from(given, "base64").toString().split(":");
  return user || (socket.remoteAddress ?? "unknown");
}

function tunnel(attempts: Attempts, { url = "" }: IncomingMessage, client: Duplex, head: Buffer): Duplex {
  const [, host = "", port = ""] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(url) ?? [];
  const attempt = attempts.begin("proxy", { host, port: Number(port) });
  const remote = connect(Number(port), host);
  client.on("error", () => remote.destroy());
  remote.once("connect", () => {
    attempt?.learn(remote.remoteAddress === undefined ? {} : { address: remote.remoteAddress });
    attempt?.end("ok");
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    remote.write(head);
    client.pipe(remote).pipe(client);
  });
  remote.once("error", (error) => {
    attempt?.end(endOf(error), error);
    client.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
  });
  remote.once("close", () => attempt?.end("info", { code: "CLOSED" }));
  client.once("close", () => remote.destroy());
  return remote;
}

/** What a proxy takes out: they are about this connection only (RFC 9110, section 7.6.1). */
const ownHeaders = new Set(["connection", "proxy-connection", "proxy-authorization", "keep-alive", "te", "upgrade"]);

async function forward(attempts: Attempts, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const target = URL.parse(asked.url ?? "");
  if (target?.protocol !== "http:") {
    answer.writeHead(400, { "content-type": "text/plain" }).end("this is a proxy: ask with an absolute http URL\n");
    return;
  }
  const port = Number(target.port || 80);
  const destination = { host: target.hostname, port, ...signedFor(asked.headers.authorization) };
  const attempt = attempts.as(clientOf(asked), () => attempts.begin("proxy", destination));
  const headers = Object.fromEntries(Object.entries(asked.headers).filter(([name]) => !ownHeaders.has(name)));
  const sent = request(target, { method: asked.method ?? "GET", headers, agent: false });
  answer.once("close", () => sent.destroy());
  try {
    const [reply] = (await Promise.all([once(sent, "response"), pipeline(asked, sent)]))[0] as [IncomingMessage];
    attempt?.learn({ status: reply.statusCode ?? 0 });
    attempt?.end("ok");
    answer.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
    await pipeline(reply, answer);
  } catch (error) {
    attempt?.end(endOf(error), error);
    if (!answer.headersSent) answer.writeHead(502);
    answer.end();
  }
}
