/** Somebody whose outgoing attempts are recorded, by the label of its process; of many, by what their labels begin with, up to a slash. */
export interface EgressActor {
  readonly by: string;
  /** Where it runs; nothing for what stands outside all regions. */
  readonly region?: string;
  /** The harness itself: nothing of the platform waits for it. */
  readonly isHarness?: boolean;
}

/** An attempt to reach beyond the survivor that is expected, and why. What is not said may be anything. */
export interface AllowedAttempt {
  readonly by: string;
  /** Beginning of a file's path, of the line itself or of one that called it. */
  readonly from?: string;
  readonly service?: string;
  readonly operation?: string;
  /** `elsewhere`: only as long as it is not the lost region that serves it. */
  readonly served?: "lost" | "elsewhere";
  readonly because: string;
}

/** How outgoing attempts are recorded in an environment, and how their destinations are told apart. */
export interface EgressDescription {
  /** Each recorded process has a file of lines in it. */
  readonly directory: string;
  /** Files of code are told as they lie below it. */
  readonly root: string;
  /** Who is expected to be recorded. */
  readonly actors: readonly EgressActor[];
  /** The environment's own addresses in CIDR form, and names with all below them, by region. */
  readonly ranges: readonly (readonly [cidr: string, region: string])[];
  readonly names: readonly (readonly [suffix: string, region: string])[];
  /** The name server's log of what it was asked; it answers `?since=INDEX`. */
  readonly queryLogUrl?: string;
  /** Where a recording forward proxy may listen, for what cannot be recorded otherwise. */
  readonly proxy?: { readonly host: string; readonly port: number };
}

/** An attempt as it stands in the history, whoever saw it. */
export interface Attempt {
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
  /** The innermost line of the program's own code, as `file:line`, and those that called it. */
  readonly at?: string;
  readonly through?: readonly string[];
}
