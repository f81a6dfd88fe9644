import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { PlatformDescription } from "../../harness/types.ts";
import { type Airflow, loopbackAirflow } from "./loopback-airflow.ts";

/** Two regions' ingresses and a name server on loopback, with just enough of Airflow behind them to keep workers busy. */
export interface LoopbackPlatform extends AsyncDisposable {
  readonly airflow: Airflow;
  readonly deployments: PlatformDescription["deployments"];
  readonly port: number;
  readonly dohUrl: string;
  /** Requests that reached each address, by the region's number. */
  readonly served: readonly [number, number];
  /** New connections that each address accepted. */
  readonly connections: readonly [number, number];
  /** The region takes requests and answers none, until `answer` is called. */
  hang(region: 0 | 1): void;
  answer(region: 0 | 1): void;
  /** Moves every name to the region's address. */
  moveTo(region: 0 | 1): void;
}

export async function startLoopbackPlatform({
  deployments: count = 2,
  tasksPerDeployment = 5,
  durationMs = 60_000,
  ttlSeconds = 1,
}: {
  deployments?: number;
  tasksPerDeployment?: number;
  durationMs?: number;
  ttlSeconds?: number;
} = {}): Promise<LoopbackPlatform> {
  await using stack = new AsyncDisposableStack();
  const names = Array.from({ length: count }, (_, index) => `dep-${String(index + 1).padStart(2, "0")}`);
  const deployments = names.map((name) => ({ name, host: `${name}.airflow.example` }));
  const airflow = loopbackAirflow(tasksPerDeployment, durationMs);
  const addresses = [ownAddress(1), ownAddress(2)] as const;
  const served: [number, number] = [0, 0];
  const connections: [number, number] = [0, 0];
  const hung: [PromiseWithResolvers<void> | undefined, PromiseWithResolvers<void> | undefined] = [undefined, undefined];
  let at: 0 | 1 = 0;

  const ingress = (region: 0 | 1) => async (request: IncomingMessage, response: ServerResponse) => {
    served[region] += 1;
    const body = await buffer(request);
    await hung[region]?.promise;
    const host = request.headers.host ?? "";
    const known = deployments.find((deployment) => host.startsWith(deployment.host));
    const { status, json } = known
      ? airflow.handle(known.name, request.method ?? "", request.url ?? "", body.toString())
      : { status: 404, json: undefined };
    response.writeHead(status, { "content-type": "application/json" });
    response.end(json === undefined ? undefined : JSON.stringify(json));
  };
  const listen = async (server: Server, host: string, port: number): Promise<number> => {
    server.listen(port, host);
    await once(server, "listening");
    stack.defer(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    });
    return (server.address() as AddressInfo).port;
  };
  const ingresses = ([0, 1] as const).map((region) =>
    createServer((request, response) => void ingress(region)(request, response)).on("connection", () => {
      connections[region] += 1;
    }),
  );
  const [first, second] = ingresses as [Server, Server];
  const port = await listen(first, addresses[0], 0);
  await listen(second, addresses[1], port);
  const doh = createServer((request, response) => {
    const name = new URL(request.url ?? "/", "http://doh").searchParams.get("name") ?? "";
    const answer = [
      { name, type: 5, TTL: ttlSeconds * 10, data: "ingress.airflow.example." },
      { name: "ingress.airflow.example", type: 1, TTL: ttlSeconds, data: addresses[at] },
    ];
    response.writeHead(200, { "content-type": "application/dns-json" });
    response.end(JSON.stringify({ Status: 0, Answer: answer }));
  });
  const dohPort = await listen(doh, addresses[0], 0);

  const kept = stack.move();
  return {
    airflow,
    deployments,
    port,
    dohUrl: `http://${addresses[0]}:${dohPort}/dns-query`,
    served,
    connections,
    hang(region) {
      hung[region] ??= Promise.withResolvers<void>();
    },
    answer(region) {
      hung[region]?.resolve();
      hung[region] = undefined;
    },
    moveTo(region) {
      at = region;
    },
    async [Symbol.asyncDispose]() {
      for (const one of hung) one?.resolve();
      await kept.disposeAsync();
    },
  };
}

/** A loopback address of this process: several test processes can run side by side. */
const ownAddress = (last: number): string => `127.${200 + (process.pid % 50)}.${(process.pid >> 6) % 250}.${last}`;
