import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CoreV1Api } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { kubeConfigOf } from "./access.ts";

test("calls one after the other share connections", async () => {
  let connections = 0;
  const server = createServer((_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ apiVersion: "v1", kind: "NamespaceList", metadata: {}, items: [] }));
  });
  server.on("connection", () => connections++);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await using _ = { [Symbol.asyncDispose]: () => closed(server) };

  const { port } = server.address() as AddressInfo;
  const config = kubeConfigOf({ KUBERNETES_API: `http://127.0.0.1:${port}`, KUBERNETES_TOKEN: "t" });
  const core = config.makeApiClient(CoreV1Api);
  for (let call = 0; call < 20; call++) await core.listNamespace();

  // The second call may begin before the first connection is free.
  expect(connections).toBeLessThanOrEqual(2);
});

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
