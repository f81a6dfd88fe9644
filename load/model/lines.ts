import type { Beat } from "./heartbeats.ts";

/**
 * What an engine's process prints: one JSON array per line, short, because a run prints hundreds of them in a second. Times are wall
 * time in ms since 1970; whoever reads them places them on the run's clock.
 */
export type Line = HelloLine | HeartbeatLine | TaskLine | PollLine | UserLine | FarewellLine;

export type HelloLine = readonly ["hello", atMs: number];
export type HeartbeatLine = readonly [
  "h",
  slot: number,
  dueMs: number,
  lateMs: number,
  missed: number,
  blocked: 0 | 1,
  tookMs: number,
  status: number,
];
export type TaskEvent = "start" | "finish" | "killed" | "refused" | "lost-ack";
export type TaskLine = readonly [
  "t",
  event: TaskEvent,
  type: "ok" | "fail" | "info",
  slot: number,
  beganMs: number,
  endedMs: number,
  id: string,
  attempt: number,
  error: string,
  /** Who answered; empty when nobody did. */
  address: string,
];
/** A worker asked for a task and got neither a task nor "nothing queued". */
export type PollLine = readonly ["p", slot: number, atMs: number, error: string];
export type UserLine = readonly ["u", client: ClientKind, sentMs: number, tookMs: number, status: number];
export type FarewellLine = readonly ["bye", droppedIterations: number, thresholdsFailed: readonly string[]];

/** Sticky clients keep connections and addresses for as long as they work; fresh ones connect anew for each call. */
export type ClientKind = "fresh" | "sticky";
export type Tell = (line: Line) => void;

export const heartbeatLine = (slot: number, beat: Beat, tookMs: number, status: number): HeartbeatLine => [
  "h",
  slot,
  Math.round(beat.dueMs),
  Math.round(beat.lateMs * 10) / 10,
  beat.missed,
  beat.blocked ? 1 : 0,
  Math.round(tookMs * 10) / 10,
  status,
];

/** The generator's own health, as k6 writes a threshold: heartbeats that nobody but the generator made late. */
export const latenessLimit = { metric: "heartbeat_lateness_ms", threshold: "p(99)<50", ms: 50 } as const;
