import { nowMs } from "../clock.ts";
import type { Cluster, Resources } from "../cluster.ts";
import type { Patience, WaitsOn } from "../converge.ts";
import { abandonRegion } from "../orchestrator/abandon-region.ts";
import { cleanUp } from "../orchestrator/clean-up.ts";
import { computeAsk } from "../orchestrator/compute.ts";
import { failover } from "../orchestrator/failover.ts";
import { changeLossBound } from "../orchestrator/loss-bound.ts";
import { runSteps, type StepState } from "../orchestrator/steps.ts";
import { provisionIngress } from "../provision/ingress.ts";
import { provision } from "../provision/provision.ts";
import type { Context } from "./context.ts";
import { failoverRecord, failoverTools } from "./failover-tools.ts";
import type { Operation } from "./operation.ts";
import { provisionOptions } from "./provision-options.ts";
import { abandonRecord, abandonTools, cleanUpRecord, cleanUpTools, lossBoundRecord } from "./standby-tools.ts";

type OnStep = (step: StepState) => void;

/** Does what the operation is for, from its top. Rejects when it cannot be done, or when the signal of the context's patience aborts. */
export async function workOn(context: Context, operation: Operation, onStep: OnStep): Promise<void> {
  const { aws, patience, store } = context;
  const cluster = store.cluster(operation.cluster);
  if (cluster === undefined) throw new Error(`cluster ${operation.cluster} is gone`);
  const options = { patience, steps: operation.steps, onStep };
  switch (operation.kind) {
    case "create":
    case "enable-dr":
      return runProvision(context, cluster, operation.kind, onStep);
    case "failover":
    case "failback": {
      const record = failoverRecord(context, cluster, operation);
      return failover({ record, tools: failoverTools(context, cluster.id, record), ...options });
    }
    case "clean-up":
      // It waits as long as a region may be away, whatever limit other steps have.
      return cleanUp({
        record: cleanUpRecord(context, cluster),
        tools: cleanUpTools(context, cluster.id),
        ...options,
        patience: { ...patience, withinMs: undefined },
      });
    case "abandon-region": {
      const record = abandonRecord(cluster, operation.region ?? "");
      // Killed after the record was changed, before the operation was.
      if (record === undefined) return;
      return abandonRegion({ record, tools: abandonTools(context, record), ...options });
    }
    case "dns-strategy":
      return runDnsStrategy(context, cluster, onStep);
    case "standby-compute": {
      const { inactive, standbyCompute } = cleanUpRecord(context, cluster);
      const ask = computeAsk(aws, { ...inactive, enabled: standbyCompute === "warm" });
      return runSteps([{ name: "standby-compute", ask }], options);
    }
    case "loss-bound":
      return changeLossBound(lossBoundRecord(context, cluster), aws, options);
  }
}

async function runProvision(
  context: Context,
  cluster: Cluster,
  kind: Operation["kind"],
  onStep: OnStep,
): Promise<void> {
  const { store, blobs } = context;
  const make = async (patience: Patience) => {
    const resources = await provision(cluster, { ...provisionOptions(context), patience });
    const latest = store.cluster(cluster.id) ?? cluster;
    blobs.put({ ...latest, state: "active", resources });
  };
  const undo = () => {
    const latest = store.cluster(cluster.id) ?? cluster;
    // A cluster that only its second region was refused to goes on living in its first.
    store.putCluster(
      kind === "create" ? { ...latest, state: "failed" } : { ...latest, dr_region: null, state: "active" },
    );
  };
  return asOneStep("provision", { context, onStep }, make, undo);
}

/** A failover follows what was made, not what was wished for: one that fails half-way leaves a record that can be moved, whatever stands in its place. */
async function runDnsStrategy(context: Context, cluster: Cluster, onStep: OnStep): Promise<void> {
  const { store } = context;
  const { ingressName } = resourcesOf(cluster);
  const write = (change: Pick<Cluster, "dns_strategy">, ingress: Pick<Resources, "dnsSwitch">) => {
    const latest = store.cluster(cluster.id) ?? cluster;
    store.putCluster({ ...latest, ...change, resources: { ...resourcesOf(latest), ...ingress } });
  };
  const make = async (patience: Patience) => {
    const ingress = await provisionIngress(cluster, ingressName, { ...provisionOptions(context), patience });
    write({ dns_strategy: cluster.dns_strategy }, ingress);
  };
  const undo = () => write({ dns_strategy: "move-record" }, { dnsSwitch: null });
  return asOneStep("ingress", { context, onStep }, make, undo);
}

function resourcesOf({ id, resources }: Cluster): Resources {
  if (resources === null) throw new Error(`cluster ${id} has no resources`);
  return resources;
}

/** A work of many parts as one step that tells what each part sees. What it must not leave behind when it fails is undone. */
async function asOneStep(
  name: string,
  { context, onStep }: { readonly context: Context; readonly onStep: OnStep },
  work: (patience: Patience) => Promise<void>,
  undo: () => void,
): Promise<void> {
  const { patience } = provisionOptions(context);
  const step: StepState = { name, state: "running", startedMs: nowMs(), endedMs: null, detail: "" };
  onStep(step);
  let seen: Pick<StepState, "detail" | "waitsOn"> = { detail: "" };
  const onDetail = (detail: string, waitsOn?: WaitsOn) => {
    seen = { detail, ...(waitsOn === undefined ? {} : { waitsOn }) };
    onStep({ ...step, ...seen });
  };
  try {
    await work({ ...patience, onDetail });
    onStep({ ...step, state: "done", endedMs: nowMs(), detail: "everything is there" });
  } catch (error) {
    if (!patience.signal?.aborted) {
      undo();
      onStep({ ...step, state: "failed", endedMs: nowMs(), ...seen });
    }
    throw error;
  }
}
