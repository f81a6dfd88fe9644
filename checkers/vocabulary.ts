import type { History, Millis, Pair, Process, Role } from "../harness/types.ts";

/** The words of the history that checkers read. A line that says something else makes its checker crash, which counts as unknown. */
export interface SampleWanted {
  readonly deployment: string;
  readonly kind: "shallow" | "deep";
  readonly client: "fresh" | "sticky";
  readonly due: Millis;
}
export interface SampleSeen {
  readonly region?: string;
  readonly address?: string;
  readonly ms?: Millis;
}
export interface Marker {
  /** Where it was written. */
  readonly region: string;
  readonly deployment: string;
  readonly seq: number;
}
export interface LedgerRows {
  readonly rows: readonly (readonly [deployment: string, seq: number, region: string, copies: number])[];
}
export interface TaskEvent {
  readonly event: "start" | "finish" | "killed" | "refused" | "lost-ack";
  readonly worker: string;
  readonly deployment: string;
  readonly id: string;
  readonly try: number;
}
export interface TasksRead {
  readonly tasks: readonly { readonly id: string; readonly try: number; readonly state: string | null }[];
  readonly outputs: readonly { readonly id: string; readonly try: number; readonly worker?: string | null }[];
}
export interface HeartbeatTally {
  readonly alive: number;
  readonly due: number;
  readonly sent: number;
  readonly ok: number;
  readonly lateP50Ms: number | null;
  readonly lateP99Ms: number | null;
  readonly lateMaxMs: number | null;
}
export interface EngineHealth {
  readonly exitCode: number;
  readonly droppedIterations: number;
  readonly thresholdsFailed?: readonly string[];
}
export type WitnessedStage = "compute" | "writer" | "pods" | "dns";
export interface Sight {
  readonly done: boolean;
  readonly state: string;
}

/** The pairs of one process, in order of invocation. */
export function pairsOf<I, C = unknown>(history: History, process: Process, f: string): Pair<I, C>[] {
  const role = process.slice(0, process.indexOf("/")) as Role;
  return [...history.pairs<I, C>(role, f)].filter((pair) => pair.invocation.process === process);
}

export const samples = (history: History) => pairsOf<SampleWanted, SampleSeen>(history, "probe/availability", "sample");
export const appends = (history: History) => pairsOf<Marker>(history, "probe/ledger", "append");
export const ledgerReads = (history: History) =>
  pairsOf<{ region: string }, LedgerRows>(history, "probe/ledger", "read");
export const taskEvents = (history: History) => pairsOf<TaskEvent>(history, "load/tasks", "task");
export const taskReads = (history: History) =>
  pairsOf<{ deployment: string }, TasksRead>(history, "probe/tasks", "read");
export const heartbeats = (history: History) =>
  pairsOf<{ second: number }, HeartbeatTally>(history, "load/heartbeats", "tally");
export const reachability = (history: History) =>
  pairsOf<{ region: string }, { answered: boolean }>(history, "probe/reachability", "sample");
export const looks = (history: History, stage: WitnessedStage) =>
  pairsOf<{ stage: WitnessedStage; region?: string }, Sight>(history, "probe/witness", "look").filter(
    ({ invocation }) => invocation.value?.stage === stage,
  );

/** Pairs that ended well, with what they saw; those that did not are left out. */
export function succeeded<I, C>(pairs: readonly Pair<I, C>[]) {
  return pairs.flatMap(({ invocation, completion }) => {
    if (completion?.type !== "ok" || invocation.value === undefined || completion.value === undefined) return [];
    return [
      {
        asked: invocation.value,
        seen: completion.value,
        began: invocation.time,
        ended: completion.time,
        index: completion.index,
      },
    ];
  });
}
