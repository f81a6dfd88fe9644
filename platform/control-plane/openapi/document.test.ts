import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { platformConfig } from "../../settings.ts";
import { answeredAws } from "../../testing/aws.ts";
import { renderOptions } from "../../testing/cluster.ts";
import { type Document, documentOf } from "../../testing/document.ts";
import { Secondary } from "../../testing/secondary.ts";
import { standing } from "../../testing/standing.ts";
import { type ControlPlane, startControlPlane } from "../start.ts";

let stateDir: string;
let controlPlane: ControlPlane;
let document: Document;

beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), "control-plane-"));
  controlPlane = await startControlPlane(
    platformConfig.parse({
      listen: { host: "127.0.0.1", port: 0 },
      token: "platform-token",
      stateDir,
      aws: { "us-east-2": {}, "us-west-2": {} },
      hostedZone: "airflow.example",
      images: renderOptions.images,
    }),
    answeredAws(standing(new Secondary())),
  );
  document = await documentOf(controlPlane.url);
});
afterAll(async () => {
  await controlPlane[Symbol.asyncDispose]();
  rmSync(stateDir, { recursive: true });
});

const operations = () =>
  Object.entries(document.text.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

describe("the API's document", () => {
  it("is OpenAPI 3.1", async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document.text))).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
  });

  it("names every route that the code has, and none besides", () => {
    const described = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    expect(described.toSorted()).toEqual(
      controlPlane.routes.filter((route) => / \/v1\//.test(route)).map((route) => route.replaceAll(/:(\w+)/g, "{$1}")),
    );
  });

  it("says of every route what it is for, and an example of every body", () => {
    for (const { path, method, operation } of operations()) {
      expect(operation, `${method} ${path}`).toMatchObject({ summary: expect.any(String), tags: [expect.any(String)] });
      const { requestBody } = operation;
      if (requestBody === undefined) continue;
      expect(requestBody, `${method} ${path}`).toMatchObject({
        required: true,
        content: { "application/json": { examples: expect.any(Object) } },
      });
    }
  });

  it("sees an answer that is another than it says", () => {
    const type = "application/json";
    const faults = (status: number, body: unknown) =>
      document.faults("GET", "/v1/clusters/acme/operations", { status, type, body });
    expect(faults(200, { operations: [] })).toEqual([]);
    expect(faults(200, { operations: [{ id: 1 }] })).toHaveLength(1);
    expect(faults(200, { operations: [], more: true })).toHaveLength(1);
    expect(faults(418, {})).toHaveLength(1);
  });
});
