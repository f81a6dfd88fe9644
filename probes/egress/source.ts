import type { Attempt } from "../../harness/egress.ts";

/** Something that another party saw of an attempt: AWS itself, or a name server. It comes late, and may not come at all. */
export interface Report {
  /** Wall time in ms, as that party stamped it. */
  readonly atMs: number;
  readonly seen: Omit<Attempt, "pid">;
  readonly end: "ok" | "fail" | "info";
  readonly error?: string;
}

/** Another party's log of what was attempted. */
export interface Source {
  readonly via: Attempt["via"];
  /** What has been added since the last call. Rejects when the log cannot be read now; the next call gives it all the same. */
  read(signal: AbortSignal): Promise<readonly Report[]>;
}
