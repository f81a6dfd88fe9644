import { randomUUID } from "node:crypto";
import { nowMs } from "../clock.ts";
import type { Cluster } from "../cluster.ts";
import { failover, pendingSteps, type StepState } from "../orchestrator/failover.ts";
import { provision } from "../provision/provision.ts";
import type { Context } from "./context.ts";
import { failoverRecord, failoverTools } from "./failover-tools.ts";
import type { Operation } from "./operation.ts";
import { provisionOptions } from "./provision-options.ts";

/** Writes the record and the operation that brings it about as one, and runs the operation. */
export function begin(context: Context, cluster: Cluster, kind: Operation["kind"]): Operation {
  const { store } = context;
  const steps: StepState[] =
    kind === "failover"
      ? pendingSteps()
      : [{ name: "provision", state: "pending", startedMs: null, endedMs: null, detail: "" }];
  const operation: Operation = { id: randomUUID(), cluster: cluster.id, kind, state: "running", steps };
  store.together(() => {
    store.putCluster(cluster);
    store.putOperation(operation);
  });
  run(context, operation);
  return operation;
}

/** Runs what a killed control plane left unfinished, each from its top. */
export function resumeAll(context: Context): void {
  for (const { id } of context.store.clusters()) {
    for (const operation of context.store.operations(id)) {
      if (operation.state === "running") run(context, operation);
    }
  }
}

export function runningOperation({ store }: Context, cluster: string): Operation | undefined {
  return store.operations(cluster).find(({ state }) => state === "running");
}

export function latestOperation({ store }: Context, cluster: string): Operation | undefined {
  return store.operations(cluster).at(-1);
}

function run(context: Context, operation: Operation): void {
  const { store, running, patience } = context;
  let current = operation;
  const change = (changed: Partial<Operation>) => {
    current = { ...current, ...changed };
    store.putOperation(current);
  };
  const onStep = (step: StepState) =>
    change({ steps: current.steps.map((known) => (known.name === step.name ? step : known)) });
  const work = async () => {
    try {
      const cluster = store.cluster(operation.cluster);
      if (cluster === undefined) throw new Error(`cluster ${operation.cluster} is gone`);
      if (operation.kind === "failover") await runFailover(context, cluster, operation, onStep);
      else await runProvision(context, cluster, operation.kind, onStep);
      change({ state: "done" });
    } catch (error) {
      // A control plane that is closing leaves the operation as it is: the next one resumes it.
      if (patience.signal?.aborted) return;
      change({ state: "failed", error: error instanceof Error ? error.message : String(error) });
    }
  };
  running.set(
    operation.id,
    work().finally(() => running.delete(operation.id)),
  );
}

async function runFailover(
  context: Context,
  cluster: Cluster,
  { steps }: Operation,
  onStep: (step: StepState) => void,
): Promise<void> {
  const record = failoverRecord(context, cluster);
  await failover({
    record,
    tools: failoverTools(context, cluster.id, record),
    patience: context.patience,
    steps,
    onStep,
  });
}

async function runProvision(
  context: Context,
  cluster: Cluster,
  kind: Operation["kind"],
  onStep: (step: StepState) => void,
): Promise<void> {
  const { store, blobs, patience } = context;
  const step: StepState = { name: "provision", state: "running", startedMs: nowMs(), endedMs: null, detail: "" };
  onStep(step);
  let detail = "";
  const onDetail = (seen: string) => {
    detail = seen;
    onStep({ ...step, detail });
  };
  try {
    const resources = await provision(cluster, { ...provisionOptions(context), patience: { ...patience, onDetail } });
    const latest = store.cluster(cluster.id) ?? cluster;
    blobs.put({ ...latest, state: "active", resources });
    onStep({ ...step, state: "done", endedMs: nowMs(), detail: "everything is there" });
  } catch (error) {
    if (!patience.signal?.aborted) {
      const latest = store.cluster(cluster.id) ?? cluster;
      // A cluster that only its second region was refused to goes on living in its first.
      store.putCluster(
        kind === "create" ? { ...latest, state: "failed" } : { ...latest, dr_region: null, state: "active" },
      );
      onStep({ ...step, state: "failed", endedMs: nowMs(), detail });
    }
    throw error;
  }
}
