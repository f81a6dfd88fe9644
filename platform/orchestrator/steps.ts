import { nowMs } from "../clock.ts";
import { type Ask, converge, type Patience, type WaitsOn } from "../converge.ts";

/** How far one step is. */
export interface StepState {
  readonly name: string;
  readonly state: "pending" | "running" | "done" | "failed";
  /** Wall time in ms, null until it began and ended. */
  readonly startedMs: number | null;
  readonly endedMs: number | null;
  /** What was seen last. */
  readonly detail: string;
  /** The call to AWS that it waits for, or last waited for when it failed. */
  readonly waitsOn?: WaitsOn;
}

/** A named goal. `ask` looks at the world before it decides anything, so that any step can be begun again from its top. */
export interface Goal {
  readonly name: string;
  readonly ask: Ask;
}

export interface StepsOptions {
  readonly patience: Patience;
  /** As an earlier, interrupted run left them: a step that had begun keeps its begin. */
  readonly steps?: readonly StepState[];
  /** Told of each change of a step. */
  readonly onStep: (step: StepState) => void;
}

export const pendingSteps = (names: readonly string[]): StepState[] =>
  names.map((name) => ({ name, state: "pending", startedMs: null, endedMs: null, detail: "" }));

/** Reaches one goal after the other, from the first, whatever an earlier run has done already. Rejects when one is not reached. */
export async function runSteps(goals: readonly Goal[], { patience, steps = [], onStep }: StepsOptions): Promise<void> {
  for (const { name, ask } of goals) {
    const earlier = steps.find((step) => step.name === name);
    const startedMs = earlier?.startedMs ?? nowMs();
    const running: StepState = { name, state: "running", startedMs, endedMs: null, detail: earlier?.detail ?? "" };
    const tell = (change: Partial<StepState>) => onStep({ ...running, ...change });
    let last: Pick<StepState, "detail" | "waitsOn"> = { detail: running.detail };
    tell({});
    const onDetail = (detail: string, waitsOn?: WaitsOn) => {
      last = { detail, ...(waitsOn === undefined ? {} : { waitsOn }) };
      tell(last);
    };
    try {
      await converge(name, ask, { ...patience, onDetail });
    } catch (error) {
      if (!patience.signal?.aborted) tell({ state: "failed", endedMs: nowMs(), ...last });
      throw error;
    }
    const endedMs = earlier?.state === "done" ? (earlier.endedMs ?? nowMs()) : nowMs();
    tell({ state: "done", endedMs, detail: last.detail });
  }
}
