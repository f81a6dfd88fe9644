import type { Cluster } from "../cluster.ts";
import { abandonSteps } from "../orchestrator/abandon-region.ts";
import { cleanUpSteps } from "../orchestrator/clean-up.ts";
import { failoverSteps } from "../orchestrator/failover.ts";
import { lossBoundSteps } from "../orchestrator/loss-bound.ts";
import type { StepState } from "../orchestrator/steps.ts";

/** Something that takes a while: how far it is, and how it ended. */
export interface Operation {
  readonly id: string;
  readonly cluster: string;
  readonly kind:
    | "create"
    | "enable-dr"
    | "failover"
    | "failback"
    | "clean-up"
    | "abandon-region"
    | "loss-bound"
    | "dns-strategy"
    | "standby-compute";
  readonly state: "running" | "done" | "failed";
  /** The region that it is about, where its kind does not say it. */
  readonly region?: string;
  readonly steps: readonly StepState[];
  readonly error?: string;
}
export type OperationKind = Operation["kind"];
/** What an operation is begun for. */
export type Asked = Pick<Operation, "kind" | "region">;

export const stepsOf: Readonly<Record<OperationKind, readonly string[]>> = {
  create: ["provision"],
  "enable-dr": ["provision"],
  failover: failoverSteps,
  failback: failoverSteps,
  "clean-up": cleanUpSteps,
  "abandon-region": abandonSteps,
  "loss-bound": lossBoundSteps,
  "dns-strategy": ["ingress"],
  "standby-compute": ["standby-compute"],
};

/** Follows one field of the record, and another change of that field takes its place. */
export const followsRecord = ({ kind }: Pick<Operation, "kind">): boolean =>
  kind === "loss-bound" || kind === "dns-strategy" || kind === "standby-compute";

/** What moves the cluster from one region to the other. */
export const isMove = ({ kind }: Pick<Operation, "kind">): boolean => kind === "failover" || kind === "failback";

/** The region that a move brings the cluster to: a failover names it when it goes back, because the second region is lost in its turn. */
export const targetOf = ({ kind, region }: Asked, cluster: Pick<Cluster, "region" | "dr_region">): string | null =>
  region ?? (kind === "failover" ? cluster.dr_region : cluster.region);

/** A failover back, because the second region is lost in its turn. */
export const isReturn = ({ kind, region }: Asked): boolean => kind === "failover" && region !== undefined;

/**
 * Stands back for anything else that is asked of the cluster: it may take hours, and a failover may not wait for it. A failback stands back for
 * a return alone: it cannot go on when the region that it leaves is lost.
 */
export const givesWay = (operation: Pick<Operation, "kind">, asked?: Asked): boolean =>
  operation.kind === "clean-up" ||
  followsRecord(operation) ||
  (operation.kind === "failback" && asked !== undefined && isReturn(asked));
