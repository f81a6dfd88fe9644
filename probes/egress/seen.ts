import type { Millis } from "../../harness/types.ts";

/** An attempt as it stands in the history, whoever saw it. */
export interface Seen {
  /** Label of the process; `unrecorded` when only somebody else saw it. */
  readonly by: string;
  readonly pid: number;
  /** Part of the process that did it. */
  readonly within?: string;
  readonly via: "socket" | "http" | "dns" | "sdk" | "proxy" | "dns-log" | "cloudtrail" | "resolver-log";
  readonly host?: string;
  readonly address?: string;
  readonly port?: number;
  readonly service?: string;
  readonly operation?: string;
  readonly signedRegion?: string;
  readonly attempt?: number;
  readonly at?: string;
  readonly through?: readonly string[];
}

/** It, and how it ended, on the run's clock. */
export interface Ended {
  readonly seen: Seen;
  readonly began: Millis;
  readonly ended: Millis;
  readonly end: "ok" | "fail" | "info";
  readonly error?: string;
  readonly status?: number;
  /** So many alike; `ended` is then the end of the last. */
  readonly count?: number;
  /** Of several the longest. */
  readonly tookMs: Millis;
}
