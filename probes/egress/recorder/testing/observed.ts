import { lookup } from "node:dns";
import { Resolver, resolve4 } from "node:dns/promises";
import { once } from "node:events";
import { get } from "node:http";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/**
 * For tests: a program that tries to reach things in the ways that its second argument and all after it name; the first is a port on
 * loopback. The lines where it does so are marked with their names.
 */
const [port = "0", ...wanted] = process.argv.slice(2);
const place = { host: "127.0.0.1", port: Number(port) };
const url = `http://127.0.0.1:${port}`;
const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
const aws = { region: "eu-west-1", endpoint: url, credentials, maxAttempts: 3 };

const settled = (work: Promise<unknown>): Promise<unknown> => work.catch(() => undefined);
function closed(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on("error", () => undefined).on("connect", () => socket.end());
  socket.on("close", () => resolve());
  return promise;
}
async function described(): Promise<void> {
  const { DescribeDBClustersCommand, RDSClient } = await import("@aws-sdk/client-rds");
  const client = new RDSClient(aws);
  await client.send(new DescribeDBClustersCommand({})); // here: sdk
}

const ways: Readonly<Record<string, () => Promise<unknown>>> = {
  net: () => closed(connect(place)), // here: net
  tls: () => closed(connectTls(place)), // here: tls
  http: async () => {
    const [response] = await once(get({ ...place, headers: { host: "named.example" } }), "response"); // here: http
    response.resume();
  },
  fetch: async () => (await fetch(url)).text(), // here: fetch
  undici: async () => {
    const { request } = await import("undici");
    const { body } = await request(url); // here: undici
    await body.text();
  },
  resolve: () => settled(resolve4("resolve.invalid")), // here: resolve
  resolver: () => settled(new Resolver({ timeout: 50, tries: 1 }).resolve4("resolver.invalid")), // here: resolver
  lookup: async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    lookup("localhost", () => resolve()); // here: lookup
    await promise;
  },
  sdk: () => settled(described()),
  "old-sdk": async () => {
    const { FisClient, ListExperimentsCommand } = await import("@aws-sdk/client-fis");
    await settled(new FisClient(aws).send(new ListExperimentsCommand({}))); // here: old-sdk
  },
};

for (const way of wanted) await ways[way]?.();
console.log("done");
process.exit();
