import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { FisClient, GetExperimentCommand } from "@aws-sdk/client-fis";
import { describe, expect, it } from "vitest";
import { fisOf } from "../fixtures/lab/aws/fis/testing.ts";
import { testEndpoint } from "../fixtures/lab/aws/testing.ts";
import { rehearse } from "../harness/rehearsal.ts";
import { FaultMissed } from "./experiment.ts";
import { loseRegion } from "./lose-region.ts";

/** A region that can fall silent: connections are still accepted, as a frozen region's kernel does. */
async function startLostRegion() {
  const state = { silent: false, healable: true };
  const server = createServer((_, response) => {
    if (!state.silent) response.end("here");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    state,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Two regions: the lab's own FIS in the survivor, whose blackout document silences the other, or does not. */
async function stage({ misses = false }: { misses?: boolean } = {}) {
  await using stack = new AsyncDisposableStack();
  const lost = stack.use(await startLostRegion());
  const blackout = async (): Promise<() => Promise<void>> => {
    lost.state.silent = !misses;
    return async () => {
      if (!lost.state.healable) throw new Error("the supervisor does not answer");
      lost.state.silent = false;
    };
  };
  const survivor = stack.use(
    await testEndpoint({ fis: fisOf({ documents: { "Gameday-BlackoutRegion": blackout } }) }, { region: "us-west-2" }),
  );
  const access = survivor.client;
  const rehearsal = rehearse({
    environment: {
      regions: { lost: "us-east-2", survivor: "us-west-2", controlPlanes: "us-east-1" },
      aws: (region) => ({ ...access, region, endpoint: region === "us-west-2" ? survivor.url : lost.endpoint }),
    },
  });
  const owned = stack.move();
  return {
    ...rehearsal,
    lost: lost.state,
    fis: new FisClient(access),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

describe("losing a region", () => {
  it("is confirmed by a look at the region itself, and undone by stopping the experiment", async () => {
    await using at = await stage();
    const fault = await loseRegion().start(at.run);
    expect(at.ended("inject")[0]).toMatchObject({
      type: "ok",
      value: { actions: { "blackout-region": { state: "running" } } },
    });
    expect(at.ended("confirm")[0]).toMatchObject({ type: "ok", value: { observed: { answered: false } } });
    await fault[Symbol.asyncDispose]();
    expect(at.lost.silent).toBe(false);
    expect(at.ended("heal")[0]?.type).toBe("ok");
    const id = String(Object(at.ended("inject")[0]?.value).experimentId);
    const { experiment } = await at.fis.send(new GetExperimentCommand({ id }));
    expect(experiment?.state?.status).toBe("stopped");
  });

  it("is missed when the region goes on answering, though the experiment says that it runs", async () => {
    await using at = await stage({ misses: true });
    await expect(loseRegion({ landsWithinMs: 300 }).start(at.run)).rejects.toBeInstanceOf(FaultMissed);
    expect(at.ended("confirm")[0]).toMatchObject({
      type: "fail",
      error: expect.stringContaining("still answers 300 ms after"),
    });
    expect(at.ended("heal")[0]?.type).toBe("ok");
  });

  it("heals though the run was interrupted", async () => {
    await using at = await stage();
    const fault = await loseRegion().start(at.run);
    at.abort.abort(new Error("SIGINT"));
    await fault[Symbol.asyncDispose]();
    expect(at.lost.silent).toBe(false);
  });
});
