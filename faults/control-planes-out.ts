import type { Fault, Millis } from "../harness/types.ts";
import { failEdges } from "./fail-edges.ts";

/**
 * Route 53 and IAM cannot be written, nor asked what was written; DNS answers, health checks and the checks of roles go on. As on 2021-12-07, when Route 53's
 * API could not be used for seven hours (AWS post-event summary 12721).
 */
export const controlPlanesOut = ({ forAtMostMs }: { readonly forAtMostMs: Millis }): Fault =>
  failEdges({
    name: "control-planes-out",
    breaks:
      "the control planes of Route 53 and IAM answer nobody, reads and writes; DNS answers, health checks and roles that exist go on",
    forAtMostMs,
    edges: ({ environment: { regions } }) =>
      ["route53", "iam"].map((service) => ({ service, region: regions.controlPlanes, how: "silent" as const })),
  });
