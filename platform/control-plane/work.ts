import { nowMs } from "../clock.ts";
import type { Cluster } from "../cluster.ts";
import { abandonRegion } from "../orchestrator/abandon-region.ts";
import { cleanUp } from "../orchestrator/clean-up.ts";
import { failover } from "../orchestrator/failover.ts";
import { changeLossBound } from "../orchestrator/loss-bound.ts";
import type { StepState } from "../orchestrator/steps.ts";
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
      const record = failoverRecord(context, cluster, operation.kind);
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
  const { store, blobs, patience } = context;
  const step: StepState = { name: "provision", state: "running", startedMs: nowMs(), endedMs: null, detail: "" };
  onStep(step);
  let detail = "";
  const onDetail = (seen: string) => {
    detail = seen;
    onStep({ ...step, detail });
  };
  try {
    const options = provisionOptions(context);
    const resources = await provision(cluster, { ...options, patience: { ...options.patience, onDetail } });
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
