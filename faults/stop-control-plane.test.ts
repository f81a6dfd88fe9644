import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { fisOf } from "../fixtures/lab/aws/fis/testing.ts";
import { testEndpoint } from "../fixtures/lab/aws/testing.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { FaultMissed } from "./experiment.ts";
import { stopControlPlane } from "./stop-control-plane.ts";

/** A control plane that an automation document can end and start again, or fails to. */
async function stage({ misses = false }: { misses?: boolean } = {}) {
  await using stack = new AsyncDisposableStack();
  const server = createServer((_, response) => response.end("here"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const end = (): void => {
    server.closeAllConnections();
    server.close();
  };
  stack.defer(end);
  const stop = async (): Promise<() => Promise<void>> => {
    if (!misses) end();
    return async () => void (misses || server.listen(port, "127.0.0.1"));
  };
  const documents = { "Gameday-StopControlPlane": stop };
  const survivor = stack.use(await testEndpoint({ fis: fisOf({ documents }) }, { region: "us-west-2" }));
  const rehearsal = rehearse({
    environment: {
      regions: { lost: "us-east-2", survivor: "us-west-2", controlPlanes: "us-east-1" },
      aws: (region) => ({ ...survivor.client, region, endpoint: survivor.url }),
      platform: {
        name: "test",
        deployments: [],
        port: 1,
        token: "",
        controlPlane: { url: `http://127.0.0.1:${port}`, token: "", clusterId: "" },
        ingressName: "",
        warmStandby: [],
      },
    },
  });
  const owned = stack.move();
  return { ...rehearsal, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

it("is confirmed by the control plane's silence, and undone by starting it again", async () => {
  await using at = await stage();
  const fault = await stopControlPlane().start(at.run);
  expect(at.ended("confirm")[0]).toMatchObject({ type: "ok", value: { observed: { answered: false } } });
  await fault[Symbol.asyncDispose]();
  expect(at.ended("heal")[0]?.type).toBe("ok");
});

it("is missed when the control plane goes on answering", async () => {
  await using at = await stage({ misses: true });
  await expect(stopControlPlane({ landsWithinMs: 200 }).start(at.run)).rejects.toBeInstanceOf(FaultMissed);
  expect(at.ended("confirm")[0]).toMatchObject({ type: "fail", error: "the control plane still answers" });
});
