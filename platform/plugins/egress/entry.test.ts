import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { configMaps, namespaces } from "../../../fixtures/lab/kubernetes/kinds.ts";
import { eventually, testCluster } from "../../../fixtures/lab/kubernetes/testing.ts";
import { pluginNamespace } from "../../manifests/plugin.ts";
import { anyPort, placeEnv } from "../../testing/region.ts";
import { start } from "./entry.ts";
import { isAllowed, type Passage, routesOf, startProxy } from "./proxy.ts";

it("reads routes, exact ones and those for everything below a name", () => {
  const routes = routesOf("pypi.org:443\n*.amazonaws.com:443 nonsense");
  expect(routes).toHaveLength(2);
  expect(isAllowed(routes, "PyPI.org", 443)).toBe(true);
  expect(isAllowed(routes, "s3.us-east-2.amazonaws.com", 443)).toBe(true);
  expect(isAllowed(routes, "pypi.org", 80)).toBe(false);
  expect(isAllowed(routes, "evilamazonaws.com", 443)).toBe(false);
  expect(isAllowed(routes, "nonsense", 443)).toBe(false);
});

it("tunnels to what is allowed, refuses the rest, and tells of both", async () => {
  await using stack = new AsyncDisposableStack();
  const server = createServer((_request, response) => void response.end("hello")).listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const passages: Passage[] = [];
  const { promise: passed, resolve } = Promise.withResolvers<void>();
  const proxy = stack.use(
    await startProxy({
      host: "127.0.0.1",
      port: 0,
      routes: () => routesOf(`127.0.0.1:${port}`),
      onPassage: (passage) => {
        passages.push(passage);
        if (passage.allowed) resolve();
      },
    }),
  );
  const connect = async (path: string) => {
    const asked = request(proxy.url, { method: "CONNECT", path });
    asked.end();
    const [reply, socket] = await once(asked, "connect");
    return { status: reply.statusCode, socket };
  };
  expect((await connect("example.com:443")).status).toBe(403);
  const { status, socket } = await connect(`127.0.0.1:${port}`);
  expect(status).toBe(200);
  socket.write("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
  let text = "";
  for await (const chunk of socket) text += chunk;
  expect(text).toContain("hello");
  await passed;
  expect(passages[0]).toMatchObject({ to: "example.com:443", allowed: false });
  expect(passages[1]).toMatchObject({ to: `127.0.0.1:${port}`, allowed: true });
  expect(passages[1]?.receivedBytes).toBeGreaterThan(50);
});

it("keeps the table of routes as its manifest says, whoever changes or removes it", async () => {
  await using cluster = await testCluster();
  cluster.verbs.create(namespaces, undefined, { metadata: { name: pluginNamespace } });
  const env = { ...placeEnv(cluster.url), PROXY_PORT: "0", ALLOWED: "pypi.org:443 *.amazonaws.com:443" };
  const plugin = await start({ ...anyPort, env });
  const wanted = "pypi.org:443\n*.amazonaws.com:443";
  const place = { kind: configMaps, namespace: pluginNamespace, name: "egress-routes" };
  const kept = () =>
    eventually(cluster, "the table", () => {
      const found = cluster.store.get(configMaps, pluginNamespace, place.name);
      return found?.data?.["allowed"] === wanted && found;
    });
  try {
    const first = await kept();
    cluster.verbs.replace(place, { ...first, data: { allowed: "*:443" } });
    await kept();
    cluster.verbs.remove(place);
    await kept();
    expect(plugin.ready()).toBe(true);
  } finally {
    await plugin.stop();
  }
});
