import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster } from "../cluster.ts";
import { startControlPlane } from "../control-plane/start.ts";
import { openStore, type Store } from "../control-plane/store.ts";
import { checkNames } from "../health/check.ts";
import { platformConfig } from "../settings.ts";
import { answeredAws } from "./aws.ts";
import { Secondary } from "./secondary.ts";
import { standing } from "./standing.ts";

export const regions = ["us-east-2", "us-west-2"] as const;
export type Region = (typeof regions)[number];

export interface ConsoleWorld extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** The control plane's memory, opened beside it. */
  readonly store: Store;
  /** Regions whose reports come in. */
  readonly heard: Set<Region>;
  /** Problems that a region's reconciler tells of. */
  readonly problems: Map<Region, readonly string[]>;
  /** Why CloudFormation rolls back each update; undefined lets it through. */
  rollback: string | undefined;
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Writes the record, and leads users to the region that serves by it. */
  change(change: Partial<Cluster>): void;
}

/** A control plane with one cluster in two regions, whose reconcilers and AWS are played here. */
export async function startConsoleWorld(): Promise<ConsoleWorld> {
  await using stack = new AsyncDisposableStack();
  const stateDir = mkdtempSync(join(tmpdir(), "console-"));
  stack.defer(() => rmSync(stateDir, { recursive: true }));
  const token = "platform-token";
  const secondary = new Secondary();
  const played = {
    heard: new Set<Region>(regions),
    problems: new Map<Region, readonly string[]>(),
    rollback: undefined as string | undefined,
  };
  const aws = answeredAws((call) => {
    const { operation, region } = call;
    if (operation === "DescribeStacks" && region === "us-west-2" && played.rollback !== undefined) {
      return { Stacks: [{ StackStatus: "UPDATE_ROLLBACK_COMPLETE", StackStatusReason: played.rollback }] };
    }
    if (operation === "DescribeStackEvents" && played.rollback !== undefined) {
      const failed = { LogicalResourceId: "Instance", ResourceStatus: "CREATE_FAILED" };
      return { StackEvents: [{ ...failed, ResourceStatusReason: played.rollback }] };
    }
    if (operation === "UpdateStack" && played.rollback !== undefined) return {};
    return standing(secondary)(call);
  });
  const controlPlane = stack.use(
    await startControlPlane(
      platformConfig.parse({
        listen: { host: "127.0.0.1", port: 0 },
        token,
        stateDir,
        aws: {
          "us-east-2": { loadBalancer: "ingress.us-east-2.elb.example" },
          "us-west-2": { loadBalancer: "ingress.us-west-2.elb.example" },
          "eu-west-1": {},
        },
        hostedZone: "airflow.example",
        pollEveryMs: 20,
        callWithinMs: 500,
        health: { everyMs: 400, missed: 3 },
      }),
      aws,
    ),
  );
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const reply = await fetch(controlPlane.url + path, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  await call("POST", "/v1/clusters", { name: "acme", region: regions[0], dr_region: regions[1] });
  await call("POST", "/v1/clusters/acme/deployments", { deployments: [{ name: "dep-01" }, { name: "dep-02" }] });
  const store = stack.use(openStore(stateDir));
  const world = Object.assign(played, {
    url: controlPlane.url,
    token,
    store,
    call,
    change(change: Partial<Cluster>) {
      const cluster = store.cluster("acme");
      if (cluster === undefined) throw new Error("cluster acme is gone");
      store.putCluster({ ...cluster, ...change });
      const { active_region } = { ...cluster, ...change };
      secondary.zone.targets.set("ingress.acme.airflow.example", `ingress.${active_region}.elb.example`);
    },
  });
  const report = async (region: Region) => {
    const cluster = store.cluster("acme");
    const variant = region === cluster?.region ? "primary" : "dr";
    const applied = store.blob("acme", variant)?.etag ?? null;
    const deployments =
      cluster?.active_region === region ? store.deployments("acme").map(({ name }) => ({ name, ready: true })) : [];
    const problems = world.problems.get(region) ?? [];
    await call("POST", "/v1/clusters/acme/reports", { region, applied, deployments, problems });
    // The reporter within the region speaks for itself, beside the reconciler.
    const checks = checkNames
      .filter((name) => name !== "reconciler")
      .map((name) => ({ name, ok: true, detail: "as it should be" }));
    await call("POST", "/v1/clusters/acme/reports", { region, checks });
  };
  // A region that the cluster has left is told so; its reports are of no more use.
  const tell = () => Promise.allSettled([...world.heard].map(report));
  await tell();
  const beat = setInterval(tell, 150);
  stack.defer(() => clearInterval(beat));
  const owned = stack.move();
  return Object.assign(world, { [Symbol.asyncDispose]: () => owned.disposeAsync() });
}
