import type { AllowedAttempt, Attempt, EgressDescription } from "../harness/egress.ts";
import type { During, History, Millis, Pair, Process } from "../harness/types.ts";
import { once } from "./once.ts";

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
export interface MarkerEnd {
  /** Acknowledged: the epoch that the database itself put it in. A new one begins when another region's writer takes its first marker. */
  readonly epoch?: number;
  /** Refused: whether anybody at that address said so, or there was no answer at all. */
  readonly answered?: boolean;
}
/** Markers of one writer and epoch, looked for in a region's database, or in a snapshot of it. */
export interface MarkerSearch {
  readonly writer: string;
  readonly epoch: number;
  readonly region: string;
  readonly snapshot?: string;
}
export interface MarkersFound {
  readonly markers: readonly (readonly [deployment: string, seq: number])[];
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
export interface TaskAnswer {
  /** The region that answered. */
  readonly region?: string;
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
export interface LoadStart {
  /** The longest time from one ask of a worker without a task to the answer of its next, when the first has none. Histories from before it was kept have none. */
  readonly asksWithinMs?: Millis;
}
export interface EngineHealth {
  readonly exitCode: number;
  readonly droppedIterations: number;
  readonly thresholdsFailed?: readonly string[];
}
/** Things that a probe deposits outside the database. */
export type Goods = "objects" | "images";
export interface DepositPut {
  /** Where it was put. */
  readonly region: string;
  readonly key: string;
  /** What its content is known by. */
  readonly digests: readonly string[];
}
export interface DepositsRead {
  readonly items: readonly (readonly [key: string, digest: string])[];
  readonly partial: readonly (readonly [key: string, missing: string])[];
}
export interface LogsSeen {
  /** How many logs the rows name. */
  readonly named: number;
  readonly absent: readonly {
    readonly deployment: string;
    readonly id: string;
    readonly try: number;
    readonly key: string;
  }[];
}
export interface ImagesNamed {
  readonly images: readonly (readonly [image: string, pods: number, there: boolean])[];
}
/** What the platform claims and what RDS shows at one time; what could not be asked is missing. */
export interface ProtectionSeen {
  readonly active?: string;
  readonly claim?: { readonly state: string; readonly because: string };
  readonly candidates?: readonly string[];
  readonly health?: { readonly worst: string; readonly because: string };
  readonly witness?: {
    readonly region: string;
    readonly members: readonly { readonly region: string; readonly writer: boolean; readonly state: string | null }[];
  };
  readonly troubles: readonly string[];
}
/** What the API servers of a region told of their deployments' schedulers. */
export interface SchedulersSeen {
  /** By the job of each: the region of its host, and its last heartbeat in the words of the database that holds it. */
  readonly jobs: readonly (readonly [
    deployment: string,
    region: string | null,
    host: string,
    job: string,
    beat: string,
  ])[];
  readonly without: readonly (readonly [deployment: string, error: string])[];
}
export interface RegionRuns {
  /** The region that the ingress name points to. */
  readonly serving: string | null;
  readonly runs: readonly (readonly [name: string, ready: number, wanted: number])[];
  /** Running pods that belong to none of these. */
  readonly strays: readonly string[];
}
/** What whoever judges the recorders' attempts must know of the world that they were made in. */
export interface EgressWatch extends Pick<EgressDescription, "actors" | "ranges" | "names"> {
  /** The region of the global control planes, where it is not the first of the partition. */
  readonly controlPlanes?: string | undefined;
  readonly allowed: readonly AllowedAttempt[];
}
export interface EgressSeen extends Attempt {
  /** So many alike in a short time. */
  readonly count?: number;
}
export interface EgressEnd {
  /** Of several the longest. */
  readonly tookMs: Millis;
  /** Of the HTTP answer. */
  readonly status?: number;
}
export interface EgressBeat {
  /** Since the process began. */
  readonly seen: number;
  readonly dropped: number;
}
/** The call that a step of the platform waited for when it was last heard of. Services by the names that signatures have. */
export interface WaitsOn {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly answered: boolean;
}
/** What a fault that fails single edges says of each. */
export interface FailedEdge {
  readonly service: string;
  readonly region: string;
  readonly how: string;
}
export type WitnessedStage = "compute" | "writer" | "pods" | "dns";
export interface Sight {
  readonly done: boolean;
  readonly state: string;
}

/** The pairs of one process, in order of invocation. They are kept, for several checkers ask for them. */
export const pairsOf = <I, C = unknown>(history: History, process: Process, f: string): readonly Pair<I, C>[] =>
  once(history, `pairs ${process} ${f}`, () => longPairsOf<I, C>(history, process, f));

/** The same of pairs whose values are long: who asks for them keeps what it needs. */
const longPairsOf = <I, C>(history: History, process: Process, f: string): readonly Pair<I, C>[] => [
  ...history.pairs<I, C>(process, f),
];

/** Those of which a long run has millions are gone through, and not collected. */
export const samples = (history: History) => history.pairs<SampleWanted, SampleSeen>("probe/availability", "sample");
export const appends = (history: History, during?: During) =>
  history.pairs<Marker, MarkerEnd>("probe/ledger", "append", during);
export const markerSearches = (history: History) =>
  pairsOf<MarkerSearch, MarkersFound>(history, "probe/ledger", "find");
export const ledgerReads = (history: History) =>
  longPairsOf<{ region: string }, LedgerRows>(history, "probe/ledger", "read");
export const taskEvents = (history: History, during?: During) =>
  history.pairs<TaskEvent, TaskAnswer>("load/tasks", "task", during);
export const taskReads = (history: History) => history.pairs<{ deployment: string }, TasksRead>("probe/tasks", "read");
export const puts = (history: History, goods: Goods) => pairsOf<DepositPut>(history, `probe/${goods}`, "put");
export const removals = (history: History, goods: Goods) =>
  pairsOf<{ region: string; key: string }>(history, `probe/${goods}`, "remove");
export const depositReads = (history: History, goods: Goods) =>
  longPairsOf<{ region: string }, DepositsRead>(history, `probe/${goods}`, "read");
export const logReads = (history: History) => pairsOf<{ region: string }, LogsSeen>(history, "probe/tasks", "logs");
export const imagesNamed = (history: History) =>
  pairsOf<{ region: string }, ImagesNamed>(history, "probe/images", "named");
export const protectionSamples = (history: History) =>
  pairsOf<object, ProtectionSeen>(history, "probe/protection", "sample");
export const lossBounds = (history: History) =>
  pairsOf<{ region: string }, { readonly seconds: number | null }>(history, "probe/protection", "bound");
export const schedulerLooks = (history: History) =>
  history.pairs<{ region: string }, SchedulersSeen>("probe/schedulers", "look");
export const standbyLooks = (history: History) =>
  pairsOf<{ region: string; expected: readonly string[] }, RegionRuns>(history, "probe/standby", "look");
export const phases = (history: History) => pairsOf<{ phase: string; drill?: string }>(history, "run/play", "phase");
export const requests = (history: History) => [...history.pairs<{ phase?: string }>("failover", "request")];
export const heartbeats = (history: History) =>
  pairsOf<{ second: number }, HeartbeatTally>(history, "load/heartbeats", "tally");
export const reachability = (history: History) =>
  pairsOf<{ region: string }, { answered: boolean }>(history, "probe/reachability", "sample");
export const egressWatches = (history: History) => pairsOf<EgressWatch>(history, "probe/egress", "watch");
export const egressBeats = (history: History) =>
  pairsOf<{ by: string; pid: number }, EgressBeat>(history, "probe/egress", "beat");
export const egressAttempts = (history: History) => pairsOf<EgressSeen, EgressEnd>(history, "probe/egress", "attempt");
/** The edges that faults failed, and until when. */
export const failedEdges = (history: History) =>
  [...history.pairs<{ edges?: readonly FailedEdge[] }>("fault", "inject")].flatMap(({ invocation, completion }) => {
    const { edges } = invocation.value ?? {};
    if (edges === undefined || completion?.type !== "ok") return [];
    const heal = pairsOf(history, invocation.process, "heal").find(
      (pair) => pair.invocation.index > invocation.index,
    )?.invocation;
    return [
      {
        edges,
        process: invocation.process,
        from: invocation.time,
        until: heal?.time,
        evidence: [invocation.index, completion.index] as const,
      },
    ];
  });
export const looks = (history: History, stage: WitnessedStage) =>
  pairsOf<{ stage: WitnessedStage; region?: string }, Sight>(history, "probe/witness", "look").filter(
    ({ invocation }) => invocation.value?.stage === stage,
  );

/** Pairs that ended well, with what they saw; those that did not are left out. */
export const succeeded = <I, C>(pairs: readonly Pair<I, C>[]) => [...eachSucceeded(pairs)];

/** The same one by one, for who does not keep them. */
export function* eachSucceeded<I, C>(pairs: Iterable<Pair<I, C>>) {
  for (const { invocation, completion } of pairs) {
    const [asked, seen] = [invocation.value, completion?.value];
    if (completion?.type !== "ok" || asked === undefined || seen === undefined) continue;
    yield { asked, seen, began: invocation.time, ended: completion.time, index: completion.index };
  }
}
