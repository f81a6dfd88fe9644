import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startClock } from "../harness/clock.ts";
import { ask, stickyAgent } from "./http.ts";

let open: AsyncDisposableStack;
beforeEach(() => {
  open = new AsyncDisposableStack();
});
afterEach(() => open.disposeAsync());

async function exchange(answer: RequestListener, withinMs: number) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  open.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const agent = open.adopt(stickyAgent(), (one) => one.destroy());
  const { port } = server.address() as AddressInfo;
  const question = { address: "127.0.0.1", port, host: "dep.example", method: "POST", path: "/", withinMs } as const;
  return ask(agent, { ...question, token: "t", body: { a: 1 } }, startClock());
}

test("gives status and text, and has sent host, token and body", async () => {
  const reply = await exchange((request, response) => {
    const { host, authorization } = request.headers;
    request.setEncoding("utf8").on("data", (body: string) => {
      response.writeHead(409).end(`${host} ${authorization} ${body}`);
    });
  }, 10_000);
  expect(reply).toEqual({ status: 409, text: 'dep.example Bearer t {"a":1}' });
});

test.each<[what: string, answer: RequestListener]>([
  ["a silent server", () => undefined],
  ["an answer that does not end", (_request, response) => void response.writeHead(200).write("half")],
  [
    "an answer that trickles",
    (_request, response) => {
      const trickle = setInterval(() => response.write("."), 5);
      response.on("close", () => clearInterval(trickle));
    },
  ],
])("%s is late when the whole time is over", async (_what, answer) => {
  await expect(exchange(answer, 60)).rejects.toMatchObject({ code: "TIMEOUT" });
});

test("a connection that breaks is told by its code", async () => {
  await expect(exchange((request) => void request.socket.destroy(), 10_000)).rejects.toMatchObject({
    code: "ECONNRESET",
  });
});
