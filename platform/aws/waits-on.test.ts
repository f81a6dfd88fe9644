import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DescribeGlobalClustersCommand } from "@aws-sdk/client-rds";
import { ListHostedZonesCommand } from "@aws-sdk/client-route-53";
import { expect, test } from "vitest";
import { converge } from "../converge.ts";
import { awsClients } from "./clients.ts";
import { failedCall } from "./waits-on.ts";

/** AWS at an address where nothing is said, or an error. */
async function unwell(status?: number) {
  const server = createServer((_request, response) => {
    if (status !== undefined) response.writeHead(status).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return {
    aws: awsClients({ endpoints: { "us-west-2": url }, globalEndpoint: url, credentials, callWithinMs: 100 }),
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
const failed = (call: Promise<unknown>) =>
  call.then(
    () => "answered",
    (error: unknown) => failedCall(error),
  );

test("a call that fails is known by what it was, and whether anybody answered", async () => {
  using silent = await unwell();
  expect(await failed(silent.aws.route53().send(new ListHostedZonesCommand()))).toEqual({
    service: "route53",
    operation: "ListHostedZones",
    region: "us-east-1",
    answered: false,
  });
  using erring = await unwell(503);
  expect(await failed(erring.aws.rds("us-west-2").send(new DescribeGlobalClustersCommand()))).toEqual({
    service: "rds",
    operation: "DescribeGlobalClusters",
    region: "us-west-2",
    answered: true,
  });
  expect(failedCall(new Error("of another kind"))).toBeUndefined();
});

test("whoever waits for it says so", async () => {
  using silent = await unwell();
  const ask = async () => {
    await silent.aws.route53().send(new ListHostedZonesCommand());
    return { done: true as const, detail: "there" };
  };
  const told: unknown[] = [];
  const patience = { everyMs: 1, lookWithinMs: 1_000, withinMs: 50, onDetail: (...seen: unknown[]) => told.push(seen) };
  await expect(converge("dns", ask, patience)).rejects.toThrow(
    /dns was not reached .*because: route53 in us-east-1 did not answer ListHostedZones: TimeoutError/,
  );
  expect(told).toEqual([
    [
      expect.stringContaining("did not answer"),
      { service: "route53", operation: "ListHostedZones", region: "us-east-1", answered: false },
    ],
  ]);
});
