import { DescribeDBClustersCommand, DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { Client } from "pg";
import { z } from "zod";
import { drillsOf } from "../harness/acts.ts";
import { DidNotHappen } from "../harness/errors.ts";
import type { Probe, Run } from "../harness/types.ts";
import { codeOf } from "./http.ts";
import { listIn } from "./kubernetes.ts";
import { askNames } from "./names.ts";
import { type Look, sampler } from "./sampler.ts";

interface Sight {
  readonly done: boolean;
  readonly state: string;
}

/**
 * One witness for each stage of a recovery, in each region that a drill moves the platform to: none of them asks the failover itself, and
 * all of them look only at the region that takes over.
 */
export const witnesses: Probe = sampler("witness", (run) => {
  const everyMs = run.scenario.timing.probeEveryMs;
  const { regions } = run.environment;
  const watched = [...new Set(drillsOf(run.scenario.acts).map(({ to }) => regions[to]))].map((region) =>
    witness(run, region),
  );
  return {
    everyMs,
    looks: watched.flatMap(({ looks }) => looks),
    stop: () => {
      for (const { stop } of watched) stop();
    },
  };
});

function witness(run: Run, region: string): { looks: Look[]; stop(): void } {
  const rds = new RDSClient({ ...run.environment.aws(region), maxAttempts: 1 });
  const stages: Record<string, (signal: AbortSignal) => Promise<Sight>> = {
    compute: databaseCompute(run, region, rds),
    writer: databaseWriter(run, region),
    pods: readyPods(run, region),
    dns: movedName(run, region),
  };
  const looks = Object.entries(stages).map(
    ([stage, see]): Look => ({
      f: "look",
      value: { stage, region },
      look: (signal) =>
        see(signal).catch((error: unknown) => {
          throw new DidNotHappen(codeOf(error), undefined, { cause: error });
        }),
    }),
  );
  return { looks, stop: () => rds.destroy() };
}

function databaseCompute(run: Run, region: string, rds: RDSClient) {
  const cluster = run.environment.names.databaseCluster[region] ?? "";
  return async (abortSignal: AbortSignal): Promise<Sight> => {
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: cluster }), {
      abortSignal,
    });
    const members = DBClusters?.[0]?.DBClusterMembers ?? [];
    if (members.length === 0) return { done: false, state: "headless" };
    const { DBInstances } = await rds.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: members[0]?.DBInstanceIdentifier ?? "" }),
      { abortSignal },
    );
    const state = DBInstances?.[0]?.DBInstanceStatus ?? "unknown";
    return { done: state === "available", state };
  };
}

function databaseWriter(run: Run, region: string) {
  const connectionString = run.environment.database(region);
  const withinMs = run.scenario.timing.probeWithinMs;
  return async (): Promise<Sight> => {
    const client = new Client({ connectionString, connectionTimeoutMillis: withinMs, query_timeout: withinMs });
    client.on("error", () => undefined); // Told through the call that meets it.
    try {
      await client.connect();
      const { rows } = await client.query<{ standby: boolean }>("SELECT pg_is_in_recovery() AS standby");
      const standby = rows[0]?.standby ?? true;
      return { done: !standby, state: standby ? "standby" : "writer" };
    } finally {
      void client.end().catch(() => undefined);
    }
  };
}

const workload = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ replicas: z.number().default(1) }),
  status: z.object({ readyReplicas: z.number().default(0) }).default({ readyReplicas: 0 }),
});

function readyPods({ environment }: Run, region: string) {
  const wanted = new Set(environment.platform.deployments.map(({ name }) => name));
  return async (signal: AbortSignal): Promise<Sight> => {
    const items = await listIn(environment, region, { path: "/apis/apps/v1/deployments", shape: workload }, signal);
    const ready = items.filter(
      ({ metadata, spec, status }) =>
        wanted.has(metadata.name) && spec.replicas > 0 && status.readyReplicas >= spec.replicas,
    ).length;
    return { done: ready === wanted.size, state: `${ready} of ${wanted.size} ready` };
  };
}

function movedName(run: Run, region: string) {
  const find = askNames(run.environment, run.scenario.timing.probeWithinMs);
  return async (): Promise<Sight> => {
    const address = await find(run.environment.platform.ingressName);
    const seen = run.environment.regionOf(address) ?? "no region";
    return { done: seen === region, state: seen };
  };
}
