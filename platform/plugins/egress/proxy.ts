import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";

/** A place that may be reached. */
export interface Route {
  /** A name, or `*.` and a name for everything below it. */
  readonly host: string;
  readonly port: number;
}
/** One connection that somebody asked for. */
export interface Passage {
  readonly to: string;
  readonly from: string;
  readonly allowed: boolean;
  readonly sentBytes?: number;
  readonly receivedBytes?: number;
  readonly error?: string;
}

/** Reads `host:port` words; what is none is left out. */
export const routesOf = (text: string): Route[] =>
  text.split(/\s+/).flatMap((word) => {
    const [, host, port] = /^(.+):(\d+)$/.exec(word) ?? [];
    return host === undefined ? [] : [{ host: host.toLowerCase(), port: Number(port) }];
  });

export const isAllowed = (routes: readonly Route[], host: string, port: number): boolean =>
  routes.some(
    (route) =>
      route.port === port &&
      (route.host.startsWith("*.")
        ? host.toLowerCase().endsWith(route.host.slice(1))
        : route.host === host.toLowerCase()),
  );

export interface ProxyOptions {
  readonly host: string;
  readonly port: number;
  readonly routes: () => readonly Route[];
  /** Hears of each connection when it ends, or is refused. */
  readonly onPassage: (passage: Passage) => void;
}

const connectWithinMs = 5_000;

/** A forward proxy that knows `CONNECT` only: it sees where a connection goes, never what is in it. */
export async function startProxy({
  host,
  port,
  routes,
  onPassage,
}: ProxyOptions): Promise<AsyncDisposable & { url: string }> {
  const open = new Set<Duplex>();
  const server = createServer((_request, response) => {
    response.writeHead(405, { allow: "CONNECT" }).end("this proxy tunnels by CONNECT only\n");
  });
  server.on("connect", (request, client: Duplex, head: Buffer) => {
    const [, name = "", digits = ""] = /^(.+):(\d+)$/.exec(request.url ?? "") ?? [];
    const told = { to: request.url ?? "", from: request.socket.remoteAddress ?? "" };
    client.on("error", () => undefined);
    if (!isAllowed(routes(), name, Number(digits))) {
      onPassage({ ...told, allowed: false });
      client.end(`HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const remote = connect(Number(digits), name);
    remote.setTimeout(connectWithinMs, () => remote.destroy(new Error(`no connection within ${connectWithinMs} ms`)));
    for (const one of [client, remote]) open.add(one);
    let error: string | undefined;
    remote.once("connect", () => {
      remote.setTimeout(0);
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      remote.write(head);
      client.pipe(remote).pipe(client);
    });
    remote.once("error", (cause) => {
      error = cause.message;
      client.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
    });
    remote.once("close", () => {
      for (const one of [client, remote]) open.delete(one);
      const counted = { sentBytes: remote.bytesWritten, receivedBytes: remote.bytesRead };
      onPassage({ ...told, allowed: true, ...counted, ...(error !== undefined && { error }) });
    });
    client.once("close", () => remote.destroy());
  });
  server.listen(port, host);
  await once(server, "listening");
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      for (const one of open) one.destroy();
      await once(server, "close");
    },
  };
}
