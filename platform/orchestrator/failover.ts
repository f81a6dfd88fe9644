import { nowMs } from "../clock.ts";
import { converge, type Patience } from "../converge.ts";
import { databaseCompute } from "./database-compute.ts";
import { databaseFailover } from "./database-failover.ts";
import { dns } from "./dns.ts";
import { manifests } from "./manifests.ts";
import type { FailoverRecord, FailoverTools, Step } from "./step.ts";

/** In the order in which they run. Each begins when the one before is seen to be done: no deployment may meet a database that is not promoted. */
export const failoverSteps: readonly Step[] = [databaseCompute, databaseFailover, manifests, dns];

/** How far one step is. */
export interface StepState {
  readonly name: string;
  readonly state: "pending" | "running" | "done" | "failed";
  /** Wall time in ms, null until it began and ended. */
  readonly startedMs: number | null;
  readonly endedMs: number | null;
  /** What was seen last. */
  readonly detail: string;
}

export const pendingSteps = (): StepState[] =>
  failoverSteps.map(({ name }) => ({ name, state: "pending", startedMs: null, endedMs: null, detail: "" }));

export interface FailoverOptions {
  readonly record: FailoverRecord;
  readonly tools: FailoverTools;
  readonly patience: Patience;
  /** As an earlier, interrupted run left them: a step that had begun keeps its begin. */
  readonly steps?: readonly StepState[];
  /** Told of each change of a step. */
  readonly onStep: (step: StepState) => void;
}

/** Fails the cluster over, from the top, whatever an earlier run has done already. Rejects when a step does not reach its goal. */
export async function failover({ record, tools, patience, steps = [], onStep }: FailoverOptions): Promise<void> {
  for (const { name, ask } of failoverSteps) {
    const earlier = steps.find((step) => step.name === name);
    const startedMs = earlier?.startedMs ?? nowMs();
    const running: StepState = { name, state: "running", startedMs, endedMs: null, detail: earlier?.detail ?? "" };
    const tell = (change: Partial<StepState>) => onStep({ ...running, ...change });
    let detail = running.detail;
    tell({});
    const onDetail = (seen: string) => {
      detail = seen;
      tell({ detail });
    };
    try {
      await converge(name, ask(record, tools), { ...patience, onDetail });
    } catch (error) {
      if (!patience.signal?.aborted) tell({ state: "failed", endedMs: nowMs(), detail });
      throw error;
    }
    const endedMs = earlier?.state === "done" ? (earlier.endedMs ?? nowMs()) : nowMs();
    tell({ state: "done", endedMs, detail });
  }
}
