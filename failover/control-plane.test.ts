import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { rehearse } from "../harness/rehearsal.ts";
import { askControlPlane } from "./control-plane.ts";

type Answer = { status?: number; body: unknown };

/** A control plane that answers from a script: each path has a list of answers, the last of which stays. */
async function startControlPlane(script: Record<string, Answer[]>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const key = `${request.method} ${request.url?.replace("/v1/clusters/c1", "")}`;
    asked.push(key);
    const answers = script[key] ?? [];
    const { status = 200, body } = (answers.length > 1 ? answers.shift() : answers[0]) ?? {
      status: 404,
      body: { title: "no such thing" },
    };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, [Symbol.asyncDispose]: async () => void server.close() };
}

const health = (state: string): Answer => ({
  body: { primary: { region: "us-east-2", state }, secondary: { region: "us-west-2", state: "healthy" } },
});
const operation = (state: string, steps: unknown[]): Answer => ({ body: { id: "op-1", state, steps } });
const step = (name: string, state: string, at: number) => ({
  name,
  state,
  startedMs: Date.now() + at,
  endedMs: state === "done" ? Date.now() + at + 5 : null,
});

async function perform(script: Record<string, Answer[]>) {
  await using plane = await startControlPlane(script);
  const rehearsal = rehearse({
    environment: {
      timeScale: 1_000,
      regions: { lost: "us-east-2", survivor: "us-west-2", controlPlanes: "us-east-1" },
      platform: {
        name: "test",
        deployments: [],
        port: 1,
        token: "",
        controlPlane: { url: plane.url, token: "t", clusterId: "c1" },
        ingressName: "",
        warmStandby: [],
      },
    },
    scenario: { timing: { ...rehearse().run.scenario.timing, recoveryDeadlineMs: 600 } },
  });
  const outcome = await askControlPlane({ decideMs: 1_000 })
    .perform(rehearsal.run)
    .then(
      () => "done",
      (error: Error) => error.message,
    );
  return { outcome, asked: plane.asked, ended: rehearsal.ended };
}

describe("asking the control plane", () => {
  it("waits for the platform's own health, decides, asks once, and reports each step at its own times", async () => {
    const { outcome, asked, ended } = await perform({
      "GET /health": [health("healthy"), health("unreachable")],
      "PATCH ": [{ status: 202, body: { operation: "op-1" } }],
      "GET /operations/op-1": [
        operation("running", [step("database-compute", "running", 0)]),
        operation("done", [step("database-compute", "done", 0), step("dns", "done", 10)]),
      ],
    });
    expect(outcome).toBe("done");
    expect(asked.filter((one) => one.startsWith("PATCH"))).toHaveLength(1);
    expect(ended("detect")[0]?.value).toEqual({ state: "us-east-2 is unreachable" });
    expect(ended("step").map(({ type }) => type)).toEqual(["ok", "ok"]);
  });

  it("says what the control plane refused", async () => {
    const { outcome } = await perform({
      "GET /health": [health("unreachable")],
      "PATCH ": [{ status: 409, body: { title: "a failover is running" } }],
    });
    expect(outcome).toContain("409");
    expect(outcome).toContain("a failover is running");
  });

  it("records the step that never ended with what was last seen of it", async () => {
    const waitsOn = { service: "route53", operation: "GetChange", region: "us-east-1", answered: false };
    const { outcome, ended } = await perform({
      "GET /health": [health("unreachable")],
      "PATCH ": [{ status: 202, body: { operation: "op-1" } }],
      "GET /operations/op-1": [operation("running", [{ ...step("dns", "running", 0), waitsOn }])],
    });
    expect(outcome).toContain("did not happen within 600 ms");
    expect(ended("step")).toMatchObject([
      { type: "info", error: "did not end while it was watched", value: { waitsOn } },
    ]);
  });
});
