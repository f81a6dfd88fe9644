/**
 * What a recorder writes: one JSON object per line, one file per process. Times are ms of CLOCK_MONOTONIC, which all processes of a machine
 * share; the first line ties them to wall time for readers elsewhere.
 */
export type Line = HelloLine | StackLine | AttemptLine | OpenLine | BeatLine;

export interface HelloLine {
  readonly hello: {
    /** Who this process is, as whoever started it says. */
    readonly label: string;
    readonly pid: number;
    /** Name of the machine. */
    readonly machine: string;
    readonly monotonicMs: number;
    readonly wallMs: number;
    /** How SDK clients are found: as they are loaded, only those that were named, or by their signatures alone. */
    readonly sdk: "loaded" | "named" | "signatures";
  };
}

/** Frames of a stack that may be the program's own, the innermost first, as `file:line:column`. Attempts name it by number. */
export interface StackLine {
  readonly stack: number;
  readonly frames: readonly string[];
}

/** `socket`: a connection. `http`: one request, by `node:http` or undici. `dns`: a look-up. `sdk`: one try of an AWS SDK call. */
export type Via = "socket" | "http" | "dns" | "sdk" | "proxy";

export interface Destination {
  /** As the program named it; an address when it did. */
  readonly host?: string;
  readonly address?: string;
  readonly port?: number;
  /** Of a call to AWS: the service and the region that its signature is for. */
  readonly service?: string;
  readonly signedRegion?: string;
  readonly operation?: string;
  /** The nth try of one call, from 1. */
  readonly attempt?: number;
  /** HTTP status of the answer. */
  readonly status?: number;
}

export interface AttemptLine extends Destination {
  /** Number within the process; told once more when it was told as open before. */
  readonly id: number;
  readonly via: Via;
  readonly at?: number;
  /** Part of the process that did it, for example a pod on a node. */
  readonly within?: string;
  readonly began: number;
  readonly tookMs: number;
  /** Answered; certainly not reached; nobody can know. */
  readonly end: "ok" | "fail" | "info";
  readonly error?: string;
  /** This many alike in the same second, told as one; `tookMs` is then that of the longest. */
  readonly count?: number;
}

/** It began some time ago and has not ended. */
export interface OpenLine extends Destination {
  readonly open: number;
  readonly via: Via;
  readonly at?: number;
  readonly within?: string;
  readonly began: number;
}

/** Written every two seconds: the recorder works, because it saw the attempt that it made itself, to a socket file that is not there. */
export interface BeatLine {
  readonly beat: number;
  readonly seen: number;
  /** Attempts that were left out, because too many were open or the file is full. */
  readonly dropped: number;
}
