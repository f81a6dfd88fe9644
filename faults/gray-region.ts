import type { Fault, Millis } from "../harness/types.ts";
import { type FailedEdge, failEdges } from "./fail-edges.ts";

/** Longer than a client waits, and no longer than a connection lives. */
const slowMs = 3_000;

/** What a gray region does to whom. The region's own database and what it reports about itself go on. */
const symptoms: readonly Omit<FailedEdge, "region">[] = [
  { service: "ingress", how: "slow", share: 0.5, slowMs },
  { service: "ingress", how: "unavailable", share: 0.7 },
  { service: "dns", how: "empty", share: 0.3 },
  { service: "rds", how: "throttle", share: 0.5 },
  { service: "sts", how: "slow", share: 0.3, slowMs: 1_000 },
  { service: "s3", how: "slow", share: 0.3, slowMs: 1_000 },
  { service: "kubernetes", how: "slow", share: 0.3, slowMs: 1_000 },
];

/**
 * The region of the writer is there and does not work: most of what its load balancer answers is late or an error, its names are empty now and then, its
 * APIs throttle and drag. As us-east-1 on 2025-10-20 (AWS post-event summary 101925). Nothing in it falls silent.
 */
export const grayRegion = ({ forAtMostMs }: { readonly forAtMostMs: Millis }): Fault =>
  failEdges({
    name: "gray-region",
    breaks:
      "most answers of the region's load balancer are late or errors, its names have no address now and then, its AWS and Kubernetes APIs throttle and drag; its database, and its word that all is well, go on",
    forAtMostMs,
    value: ({ environment: { regions } }) => ({ region: regions.lost, state: "gray" }),
    edges: ({ environment: { regions } }) => symptoms.map((one) => ({ ...one, region: regions.lost })),
  });
