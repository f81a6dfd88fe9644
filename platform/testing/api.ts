import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Cluster } from "../cluster.ts";
import { startControlPlane } from "../control-plane/start.ts";
import { openStore, type Store } from "../control-plane/store.ts";
import type { ResolveAlias } from "../dns-switch.ts";
import { platformConfig } from "../settings.ts";
import { type AnswerCall, answeredAws } from "./aws.ts";
import { renderOptions } from "./cluster.ts";
import { documentOf } from "./document.ts";

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly etag: string | null;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the API says
  readonly body: any;
}

export interface CalledApi extends AsyncDisposable {
  /** Asks with the configured token, unless the headers say otherwise, and holds the answer against the API's document. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Stops the control plane and starts another on the same directory. */
  restart(): Promise<void>;
  /** Writes the record of cluster acme, as operations of an earlier day would have left it. */
  leave(change: Partial<Cluster>): void;
}

export interface ApiOptions {
  /** Regions that are offered besides the two. */
  readonly moreRegions?: readonly string[];
  /** What the name servers say. */
  readonly resolveAlias?: ResolveAlias;
  /** Writes what the control plane is to find when it starts. */
  readonly remember?: (store: Store) => void;
}

/** A control plane in this process, in front of AWS as answered here. */
export async function startApi(
  answer: AnswerCall,
  { moreRegions = [], remember, resolveAlias }: ApiOptions = {},
): Promise<CalledApi> {
  const stateDir = mkdtempSync(join(tmpdir(), "control-plane-"));
  if (remember !== undefined) {
    using store = openStore(stateDir);
    remember(store);
  }
  const start = () =>
    startControlPlane(
      platformConfig.parse({
        listen: { host: "127.0.0.1", port: 0 },
        token: "platform-token",
        stateDir,
        aws: {
          "us-east-2": {},
          "us-west-2": { loadBalancer: "ingress.us-west-2.elb.example" },
          ...Object.fromEntries(moreRegions.map((region) => [region, {}])),
        },
        hostedZone: "airflow.example",
        images: renderOptions.images,
        pollEveryMs: 1,
        callWithinMs: 500,
        stepWithinMs: 500,
      }),
      answeredAws(answer),
      resolveAlias,
    );
  let controlPlane = await start();
  const document = await documentOf(controlPlane.url);
  return {
    async call(method, path, body, headers = {}) {
      const reply = await fetch(controlPlane.url + path, {
        method,
        headers: { authorization: "Bearer platform-token", ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await reply.text();
      const { headers: told, status } = reply;
      const type = told.get("content-type");
      const read = { status, type, etag: told.get("etag"), headers: told, body: text === "" ? null : JSON.parse(text) };
      expect(document.faults(method, path, read)).toEqual([]);
      return read;
    },
    async restart() {
      await controlPlane[Symbol.asyncDispose]();
      controlPlane = await start();
    },
    leave(change) {
      using store = openStore(stateDir);
      const cluster = store.cluster("acme");
      if (cluster === undefined) throw new Error("there is no cluster acme");
      store.putCluster({ ...cluster, ...change });
    },
    async [Symbol.asyncDispose]() {
      await controlPlane[Symbol.asyncDispose]();
      rmSync(stateDir, { recursive: true });
    },
  };
}
