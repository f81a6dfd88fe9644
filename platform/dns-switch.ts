/**
 * What decides in the data plane which region the ingress name leads to: one object in the second region's S3, which Route 53's health checkers look at.
 * While it is there, the inverted health check of the primary record is unhealthy, and the name is answered with the second region. The survivor
 * flips it by itself: "standby takes over primary", AWS Networking blog, "Creating Disaster Recovery Mechanisms Using Amazon Route 53".
 */
export interface DnsSwitch {
  /** The second region, which it is in. */
  readonly region: string;
  readonly bucket: string;
  readonly key: string;
  readonly healthCheckId: string;
}

/** Where the name leads: changed by a write to Route 53's one control plane, or by the switch. */
export type DnsStrategy = "move-record" | "health-check";

/** Gives the name that a name is an alias of, as every client finds it; undefined when it is none. Rejects when no name server answers. */
export type ResolveAlias = (name: string) => Promise<string | undefined>;
