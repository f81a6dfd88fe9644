import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { expect, test } from "vitest";
import { movingName } from "../fixtures/lab/dns/testing.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { schedulers } from "./schedulers.ts";

const addressOf: Readonly<Record<string, string>> = { east: "127.0.0.41", west: "127.0.0.42" };
const deployments = ["dep-01", "dep-02"].map((name) => ({ name, host: `${name}.example` }));

/** A region's load balancer and its Kubernetes API: the one in the east is told by a name, the one in the west by its address. */
async function stage(answer: (region: string, host: string) => object | undefined) {
  await using stack = new AsyncDisposableStack();
  const name = stack.use(await movingName("balancer.east.example", addressOf["east"] ?? ""));
  const listen = async (server: Server, host: string, port: number): Promise<number> => {
    stack.defer(() => {
      server.closeAllConnections();
      server.close();
    });
    server.listen(port, host);
    await once(server, "listening");
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  };
  const balancer = (region: string) =>
    createServer(({ headers: { host = "" }, url }, response) => {
      const jobs = answer(region, host);
      response.writeHead(jobs === undefined || !url?.startsWith("/api/v2/jobs") ? 503 : 200);
      response.end(JSON.stringify(jobs === undefined ? { error: "no ready pod" } : { jobs }));
    });
  const port = await listen(balancer("east"), addressOf["east"] ?? "", 0);
  await listen(balancer("west"), addressOf["west"] ?? "", port);
  const doors: Readonly<Record<string, object>> = {
    "/east": { hostname: "balancer.east.example" },
    "/west": { ip: addressOf["west"] },
  };
  const kubernetes = await listen(
    createServer(({ url = "" }, response) => {
      const door = Object.entries(doors).find(([path]) => url.startsWith(path))?.[1];
      response.end(JSON.stringify({ items: [{ status: { loadBalancer: { ingress: [door] } } }] }));
    }),
    "127.0.0.1",
    0,
  );
  const rehearsal = rehearse({
    environment: {
      dns: name.dns,
      regions: { lost: "east", survivor: "west", controlPlanes: "west" },
      regionOf: (address) => (address.startsWith("10.1.") ? "east" : address.startsWith("10.2.") ? "west" : undefined),
      kubernetes: (region) => ({ server: `http://127.0.0.1:${kubernetes}/${region}`, token: "secret" }),
      platform: {
        name: "test",
        deployments,
        port,
        token: "token",
        controlPlane: { url: "", token: "", clusterId: "" },
        ingressName: "",
        warmStandby: [],
      },
    },
    scenario: { timing: { ...rehearse().run.scenario.timing, probeEveryMs: 60, probeWithinMs: 3_000 } },
  });
  const owned = stack.move();
  return { ...rehearsal, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

test("tells each deployment's schedulers by the region of their hosts, and where there is nobody", async () => {
  let beats = 0;
  await using at = await stage((region, host) => {
    if (region === "west") return undefined;
    return host === "dep-01.example"
      ? [
          { id: 7, hostname: "10.1.0.5", latest_heartbeat: `beat ${beats++}` },
          { id: "8", hostname: "10.2.0.5", latest_heartbeat: "an old one" },
        ]
      : [{ id: 9, hostname: "elsewhere", latest_heartbeat: "a beat" }];
  });
  const probing = await schedulers.start(at.run);
  await expect.poll(() => at.ended("look").length, { timeout: 10_000 }).toBeGreaterThan(3);
  await probing[Symbol.asyncDispose]();
  const seen = (region: string) =>
    at.ops.flatMap((op) =>
      op.type === "invoke" && Object(op.value).region === region
        ? at.ended("look").filter(({ invoke }) => invoke === op.index)
        : [],
    );
  const [first] = seen("east");
  expect(first).toMatchObject({ type: "ok", value: { without: [] } });
  expect(new Set(Object(first?.value).jobs)).toEqual(
    new Set([
      ["dep-01", "east", "10.1.0.5", "7", "beat 0"],
      ["dep-01", "west", "10.2.0.5", "8", "an old one"],
      ["dep-02", null, "elsewhere", "9", "a beat"],
    ]),
  );
  // A load balancer that says that there is nobody behind it has answered.
  expect(seen("west").map(({ type }) => type)).not.toContain("fail");
  expect(Object(seen("west")[0]?.value)).toEqual({
    jobs: [],
    without: expect.arrayContaining([
      ["dep-01", "HTTP_503"],
      ["dep-02", "HTTP_503"],
    ]),
  });
});

test("a region that does not answer was not looked into", async () => {
  await using at = await stage(() => []);
  const mute = { ...at.run.environment, kubernetes: () => ({ server: "http://127.0.0.1:1", token: "" }) };
  const probing = await schedulers.start({ ...at.run, environment: mute });
  await expect.poll(() => at.ended("look").length, { timeout: 10_000 }).toBeGreaterThan(1);
  await probing[Symbol.asyncDispose]();
  expect(new Set(at.ended("look").map(({ type }) => type))).toEqual(new Set(["fail"]));
});
