import { randomUUID } from "node:crypto";
import type { Cluster } from "../cluster.ts";
import { pendingSteps, type StepState } from "../orchestrator/steps.ts";
import type { Context } from "./context.ts";
import { type Asked, followsRecord, givesWay, isMove, type Operation, stepsOf } from "./operation.ts";
import { workOn } from "./work.ts";

/** Writes the record and the operation that brings it about as one, and runs the operation. What gives way to it is stopped. */
export function begin(context: Context, cluster: Cluster, asked: Asked): Operation {
  const { store } = context;
  const operation = newOperation(cluster.id, asked);
  const stopped = store.operations(cluster.id).filter((other) => isStoppedBy(operation, other));
  store.together(() => {
    store.putCluster(cluster);
    for (const other of stopped) {
      store.putOperation({
        ...other,
        state: "failed",
        error: `stopped, because ${operation.kind} ${operation.id} began`,
      });
    }
    store.putOperation(operation);
  });
  // What the stopped ones were just doing must have ended before anything else is done.
  const ended = stopped.map(({ id }) => {
    context.stops.get(id)?.abort(new Error(`${operation.kind} ${operation.id} began`));
    return context.running.get(id);
  });
  run(context, operation, Promise.all(ended));
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

/** The running operation that what is asked, or anything where nothing is named, has to wait for. */
export function runningOperation({ store }: Context, cluster: string, asked?: Asked): Operation | undefined {
  return store.operations(cluster).find((operation) => operation.state === "running" && !givesWay(operation, asked));
}

export function latestOperation({ store }: Context, cluster: string): Operation | undefined {
  return store.operations(cluster).at(-1);
}

/** The failover or failback that was asked for last. */
export function latestMove({ store }: Context, cluster: string): Operation | undefined {
  return store.operations(cluster).findLast(isMove);
}

/** The clean-up of the latest failover or failback; undefined while that is not done. */
export function latestCleanUp({ store }: Context, cluster: string): Operation | undefined {
  const latest = store.operations(cluster).findLast((each) => isMove(each) || each.kind === "clean-up");
  return latest?.kind === "clean-up" ? latest : undefined;
}

function newOperation(cluster: string, { kind, region }: Asked): Operation {
  const steps = pendingSteps(stepsOf[kind]);
  return { id: randomUUID(), cluster, kind, state: "running", steps, ...(region === undefined ? {} : { region }) };
}

/** A changed field takes the place of its change before, and leaves everything else alone that follows the record. */
function isStoppedBy(operation: Operation, other: Operation): boolean {
  if (other.state !== "running" || !givesWay(other, operation)) return false;
  return followsRecord(operation) ? other.kind === operation.kind : true;
}

function run(context: Context, operation: Operation, before: Promise<unknown> = Promise.resolve()): void {
  const { store, running, stops, patience } = context;
  const stop = new AbortController();
  const signal = patience.signal === undefined ? stop.signal : AbortSignal.any([patience.signal, stop.signal]);
  let current = operation;
  const change = (changed: Partial<Operation>) => {
    if (signal.aborted) return; // Written by whoever stopped it, or left for the control plane that resumes it.
    current = { ...current, ...changed };
    store.putOperation(current);
  };
  const onStep = (step: StepState) =>
    change({ steps: current.steps.map((known) => (known.name === step.name ? step : known)) });
  const work = async () => {
    await before;
    try {
      await workOn({ ...context, patience: { ...patience, signal } }, operation, onStep);
    } catch (error) {
      change({ state: "failed", error: error instanceof Error ? error.message : String(error) });
      return;
    }
    if (signal.aborted) return;
    let next: Operation | undefined;
    store.together(() => {
      change({ state: "done" });
      next = followUp(context, operation);
      if (next !== undefined) store.putOperation(next);
    });
    if (next !== undefined) run(context, next);
  };
  stops.set(operation.id, stop);
  running.set(
    operation.id,
    work().finally(() => {
      running.delete(operation.id);
      stops.delete(operation.id);
    }),
  );
}

/** The region that was left is made a standby again by a clean-up that begins by itself. */
function followUp({ store }: Context, operation: Operation): Operation | undefined {
  const cluster = store.cluster(operation.cluster);
  if (!isMove(operation) || cluster === undefined || cluster.dr_region === null) return undefined;
  const region = cluster.active_region === cluster.region ? cluster.dr_region : cluster.region;
  return newOperation(cluster.id, { kind: "clean-up", region });
}
