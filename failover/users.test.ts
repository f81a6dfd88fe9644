import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { movingName } from "../fixtures/lab/dns/testing.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { noticedByUsers } from "./users.ts";

/** Deployments behind one address, which answer by turns what they are told. */
async function platform(...answers: readonly number[]) {
  await using stack = new AsyncDisposableStack();
  const hosts: string[] = [];
  const server = createServer((request, response) => {
    const status = answers[Math.min(hosts.length, answers.length - 1)] ?? 200;
    hosts.push(request.headers.host ?? "");
    if (status > 0) response.writeHead(status).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const name = stack.use(await movingName("dep.example", "127.0.0.1"));
  const rehearsal = rehearse({
    environment: {
      dns: name.dns,
      platform: {
        ...{ name: "test", token: "", ingressName: "", warmStandby: [], port: (server.address() as AddressInfo).port },
        deployments: [{ name: "dep", host: "dep.example" }],
        controlPlane: { url: "", token: "", clusterId: "" },
      },
    },
    scenario: { timing: { ...rehearse().run.scenario.timing, probeWithinMs: 40, recoveryDeadlineMs: 400 } },
  });
  const owned = stack.move();
  return { ...rehearsal, hosts, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

it("an alarm rings when users are let down three rounds in a row, by errors or by silence", async () => {
  await using at = await platform(200, 503, 200, 503, 0, 503, 200);
  expect(await noticedByUsers(at.run)).toEqual({ state: "1 of 1 users were let down, 3 rounds in a row" });
  expect(at.hosts).toHaveLength(6);
  expect(at.hosts[0]).toBe("dep.example");
});

it("it does not ring while they are served", async () => {
  await using at = await platform(200, 503, 503, 200);
  await expect(noticedByUsers(at.run)).rejects.toThrow(/users to be let down did not happen within 400 ms/);
});
