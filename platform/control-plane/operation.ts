import type { StepState } from "../orchestrator/failover.ts";

/** Something that takes a while: how far it is, and how it ended. */
export interface Operation {
  readonly id: string;
  readonly cluster: string;
  readonly kind: "create" | "enable-dr" | "failover";
  readonly state: "running" | "done" | "failed";
  readonly steps: readonly StepState[];
  readonly error?: string;
}
