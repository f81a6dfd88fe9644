import type { Cluster } from "../cluster.ts";
import { isMove, type Operation, targetOf } from "../control-plane/operation.ts";
import type { Protection } from "../control-plane/protection.ts";
import type { RegionHealth } from "../health/health.ts";
import type { Action } from "./actions.ts";
import type { RecordSeen } from "./record.ts";

/** One of the cluster's regions, as the page shows it. */
export interface Side {
  readonly region: string;
  readonly place: "primary" | "secondary";
  readonly role: "serving" | "standby" | "taking over" | "lost";
  readonly health: RegionHealth;
}

/** All that the page of one cluster shows, at one moment. */
export interface View {
  readonly cluster: Cluster;
  readonly nowMs: number;
  readonly protection: Protection;
  readonly sides: readonly Side[];
  /** Newest first. */
  readonly operations: readonly Operation[];
  readonly record: RecordSeen;
  readonly actions: readonly Action[];
}

/** Silence is what loss looks like; a region that is heard serves, stands by, or is on its way to serve. */
export function sideOf(cluster: Cluster, health: RegionHealth, running: Operation | undefined): Side {
  const { region, active_region } = cluster;
  const place = health.region === region ? "primary" : "secondary";
  const target = running !== undefined && isMove(running) ? targetOf(running, cluster) : undefined;
  const isTarget = health.region !== active_region && health.region === target;
  const heard = health.region === active_region ? "serving" : isTarget ? "taking over" : "standby";
  return { region: health.region, place, health, role: health.state === "unreachable" ? "lost" : heard };
}
