import type { EgressDescription } from "./egress.ts";

/** The nouns of a game day. Read this file first; everything else is one of these nouns, at work. */

/** Whole milliseconds since the run began, on the run's own monotonic clock. */
export type Millis = number;
export type Role = "run" | "load" | "fault" | "failover" | "probe";
/** Who did it: `load/tasks`, `fault/lose-region`, `probe/ledger`. */
export type Process = `${Role}/${string}`;

/** Something began. */
export interface Invocation<V = unknown> {
  readonly type: "invoke";
  /** Its line in the journal, from 0; verdicts cite it. */
  readonly index: number;
  readonly time: Millis;
  readonly process: Process;
  readonly f: string;
  readonly value?: V;
}

/** It happened (`ok`), it did not happen (`fail`), or nobody can know (`info`). */
export interface Completion<V = unknown> {
  readonly type: "ok" | "fail" | "info";
  /** The index of the invocation it ends. */
  readonly invoke: number;
  readonly index: number;
  readonly time: Millis;
  readonly process: Process;
  readonly f: string;
  readonly value?: V;
  readonly error?: string;
}

export type Op = Invocation | Completion;
export interface Pair<I = unknown, C = unknown> {
  readonly invocation: Invocation<I>;
  /** Missing when the run ended first: that is a finding, not an error. */
  readonly completion?: Completion<C>;
}

/** What is about to be done. */
export interface Deed<V = unknown> {
  readonly process: Process;
  readonly f: string;
  readonly value?: V;
}

/** Something another machine's clock saw, placed on the run's clock after the fact. */
export interface Observation<I = unknown, C = unknown> extends Deed<I> {
  readonly began: Millis;
  readonly ended: Millis;
  readonly type: Completion["type"];
  readonly result?: C;
  readonly error?: string;
}

/** The write door of the history. */
export interface Recorder {
  /** Writes the invocation, does the work, writes the completion. Never rejects: a thrown `DidNotHappen` is `fail`, any other error is `info`. */
  record<V>(deed: Deed, work: () => Promise<V>): Promise<Completion<V>>;
  /** Writes both ends of something that was seen elsewhere. */
  observe(seen: Observation): void;
}

/** Ops in the order of their lines, by index. An array is such a thing; of a file each op is read when it is asked for. */
export interface Ops extends Iterable<Op> {
  readonly length: number;
  at(index: number): Op | undefined;
}

/** A time of the run, its ends included. */
export interface During {
  readonly from: Millis;
  readonly until: Millis;
}

/** The read door of the history. A long one does not fit in memory: what need not be kept of it is better gone through than collected. */
export interface History {
  readonly ops: Ops;
  /** The latest time that any op names; lines are in order of writing, not of time. */
  readonly endsAt: Millis;
  /** Invocations of a role or of one process, with their completions, in order of invocation; of those that began in some time, if it is given. */
  pairs<I = unknown, C = unknown>(who: Role | Process, f?: string, during?: During): Iterable<Pair<I, C>>;
  /** A line as it stands in the history's file. Missing: there is no file. */
  line?(index: number): string | undefined;
}

export interface Clock {
  now(): Millis;
  /** Resolves after `forMs`, or rejects with the signal's reason. */
  sleep(forMs: Millis, signal?: AbortSignal): Promise<void>;
  /** Calls `act` at `firstMs` and every `everyMs` after it, without drift and without waiting for the last call to end, until disposed. */
  every(firstMs: Millis, everyMs: Millis, act: (due: Millis) => void): Disposable;
  /** Wall-clock time of the run's zero, in ms since 1970: a label, and the bridge to other machines' wall clocks. */
  readonly wallOriginMs: number;
}

/** Seeded dice. `fork` gives an independent stream by name, so that adding one consumer shifts no other. */
export interface Random {
  readonly seed: string;
  /** Uniform in [0, 1). */
  next(): number;
  fork(name: string): Random;
}

export type Tier = "lab" | "localstack" | "aws";

/** One deployment of the platform, as a client sees it. */
export interface DeploymentDescription {
  readonly name: string;
  /** DNS name that clients use, for example `dep-01.airflow.example`. */
  readonly host: string;
}

/** How clients meet the platform: everything probes and load may know of it. */
export interface PlatformDescription {
  readonly name: string;
  readonly deployments: readonly DeploymentDescription[];
  /** TCP port of the ingress, the same in both regions. Plain HTTP. */
  readonly port: number;
  /** Sent as `Authorization: Bearer …` on every call but the health check. */
  readonly token: string;
  /** Base URL and token of the control plane, which stands outside both regions. */
  readonly controlPlane: { readonly url: string; readonly token: string; readonly clusterId: string };
  /** The one record that a failover moves. */
  readonly ingressName: string;
  /** What runs in the region that stands by, by the name of its Kubernetes Deployment: exactly these and nothing else. */
  readonly warmStandby: readonly string[];
}

export interface AwsAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A database that was restored to be read. */
export interface OpenSnapshot extends AsyncDisposable {
  readonly database: string;
}

/** Where a run takes place: the only door through which actors reach the world. */
export interface Environment {
  readonly tier: Tier;
  /** Modelled delays were divided by this; a projection multiplies by it. 1 on AWS. */
  readonly timeScale: number;
  readonly regions: { readonly lost: string; readonly survivor: string; readonly controlPlanes: string };
  readonly platform: PlatformDescription;
  /** How names are resolved: plain DNS (UDP and TCP) and DNS over HTTPS (here: HTTP on loopback) with `application/dns-json`. */
  readonly dns: { readonly address: string; readonly port: number; readonly dohUrl: string };
  /** Which region an address belongs to, or undefined when it is in none. */
  regionOf(address: string): string | undefined;
  aws(region: string): AwsAccess;
  /** Kubernetes API of a region, for `@kubernetes/client-node`. */
  kubernetes(region: string): { readonly server: string; readonly token: string };
  /** A connection string to the database cluster's writer endpoint in a region, for markers. */
  database(region: string): string;
  /**
   * Opens what a snapshot of a region's database cluster holds, beside all that runs and without touching it: a connection string that is
   * good until it is disposed. Rejects when there is no such snapshot.
   */
  openSnapshot(region: string, snapshot: string): Promise<OpenSnapshot>;
  /** Base URL of a region's registry: the OCI distribution API is below `/v2/`. */
  registry(region: string): { readonly url: string };
  /** Names of the AWS objects that a fault or a witness needs. */
  readonly names: {
    readonly globalCluster: string;
    readonly databaseCluster: Readonly<Record<string, string>>;
    readonly eksCluster: Readonly<Record<string, string>>;
    readonly hostedZoneId: string;
    readonly bucket: Readonly<Record<string, string>>;
    /** What each region's registry keeps its images in. */
    readonly imageBucket: Readonly<Record<string, string>>;
  };
  /** Where recorders of outgoing attempts write, when there are any. */
  readonly egress?: EgressDescription;
  /** What is real and what is modelled here, for the report. */
  readonly fidelity: { readonly real: readonly string[]; readonly modelled: readonly string[] };
  /** What an environment can do; a scenario's `requires` must be a subset. */
  readonly abilities: readonly string[];
}

/** Everything an actor may touch: no other clock, no other dice. */
export interface Run extends Recorder {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly scenario: Scenario;
  /** Directory of this run's files, which the caller made. */
  readonly directory: string;
}

/** An actor at work. Disposing stops it once; a fault heals. */
export interface Started extends AsyncDisposable {
  /** Undefined while all is well with what it watches or drives, otherwise a sentence with what was last seen. It paces a run; it judges nothing. */
  standing?(): string | undefined;
  /** Undefined while the platform could lose a region now, otherwise a sentence that says what is in the way. It paces a run too. */
  protection?(): string | undefined;
  /** Reads once what a region holds: the one that has taken over. */
  takeStock?(region: string): Promise<void>;
}

/** Start it and it writes to the history; dispose it and it stops (a fault heals). */
export interface Actor<R extends Role = Role> {
  readonly role: R;
  readonly name: string;
  start(run: Run): Promise<Started>;
}
/** Its start resolves when the load is at its full height. */
export type Workload = Actor<"load">;
export type Fault = Actor<"fault"> & { readonly plan: FaultPlan };
export type Probe = Actor<"probe">;

/** What a fault will break, for how long at most, and what undoes it: `gameday plan` prints it. */
export interface FaultPlan {
  readonly breaks: string;
  readonly forAtMostMs: Millis;
  readonly undoneBy: readonly string[];
}

/** How a game day asks a platform to fail over, to fail back, or for something else of its own; it records what it asked and what it was told. */
export interface FailoverPlan {
  readonly name: string;
  /** What the run's phase is called: `failover`, `failback`, … */
  readonly phase: string;
  /** Resolves when the platform says that it is done, or rejects when it says that it failed. */
  perform(run: Run): Promise<void>;
}

/** A region by its part in the run. */
export type Part = "lost" | "survivor";

/** A change of region that is measured: RTO and RPO are asked of each drill. */
export interface DrillPlan {
  readonly name: string;
  readonly from: Part;
  readonly to: Part;
  /** What this drill promises other than the scenario does. */
  readonly objectives?: Partial<Objectives>;
}

/** What happens between the steady state and the end, in order. */
export type Act =
  /** The fault holds while its acts are played, and heals after them. */
  | { readonly act: "break"; readonly fault: Fault; readonly acts: readonly Act[] }
  /** A drill has one deadline for all of its acts; when it is not met, what comes after the drill is not played. */
  | { readonly act: "drill"; readonly drill: DrillPlan; readonly acts: readonly Act[] }
  | { readonly act: "ask"; readonly plan: FailoverPlan }
  /** Plays others while the main one is played; over when all of them are. */
  | { readonly act: "along"; readonly main: Act; readonly acts: readonly Act[] }
  /** Waits until all is well again, and stays so. */
  | { readonly act: "recover" }
  /** Reads what the region holds that has taken over. */
  | { readonly act: "stock" }
  | { readonly act: "live"; readonly forMs: Millis }
  /** Waits until the platform could lose a region again. */
  | { readonly act: "protect"; readonly withinMs: Millis }
  /** Waits until the steady-state check refuses to break anything. */
  | { readonly act: "refuse"; readonly withinMs: Millis };

export type Outcome = "pass" | "fail" | "unknown";
/** An interval: the true value lies in [low, high]. `high` is null when it never ended (censored). */
export interface Measured {
  readonly low: number;
  readonly high: number | null;
  readonly limit?: number;
  readonly unit: string;
}

export interface Verdict {
  readonly checker: string;
  /** The drill that it judges, where a scenario has several. */
  readonly drill?: string;
  readonly outcome: Outcome;
  /**
   * `validity` verdicts that do not pass make the run invalid; `objective` verdicts decide pass, fail, inconclusive, and so do those of an
   * `invariant`, which has no limit: it holds at every moment or it does not; `advice` only informs.
   */
  readonly kind: "validity" | "objective" | "invariant" | "advice";
  /** One sentence a release manager can act on. */
  readonly because: string;
  readonly measured?: Measured;
  /** Indices of the ops that prove it. */
  readonly evidence: readonly number[];
  /** Checker-specific figures, plain JSON, for reports. */
  readonly details?: unknown;
}

/** A drill by the names of its regions, as the history's header tells it. */
export interface Drill {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly objectives?: Partial<Objectives> | undefined;
}

export interface CheckContext {
  readonly timeScale: number;
  readonly objectives: Objectives;
  readonly timing: Timing;
  /** In the judgement of a drill: the region that it leaves, and the one that it takes. */
  readonly regions: {
    readonly lost: string;
    readonly survivor: string;
    /** Where Route 53 and IAM are written. */
    readonly controlPlanes?: string | undefined;
  };
  readonly deployments: readonly string[];
  /** Where the platform's primary was when the run began; the lost region unless it is said. */
  readonly primary?: string | undefined;
  /** In the order in which they are played. */
  readonly drills?: readonly Drill[] | undefined;
  /** The one that is being judged; without it, what follows the first fault. */
  readonly drill?: Drill | undefined;
}

/** Pure: history in, verdict out. */
export interface Checker {
  readonly name: string;
  readonly kind: Verdict["kind"];
  check(history: History, context: CheckContext): Verdict;
}

/** Limits in real-world time: a lab's figures are projected (measured × timeScale) before they are compared. */
export interface Objectives {
  /** Every deployment and the platform as a whole. */
  readonly rtoWithinMs: Millis;
  /** Airflow metadata (the database). */
  readonly rpoDatabaseWithinMs: Millis;
  readonly tasksLostAtMost: number;
  readonly tasksRunTwiceAtMost: number;
  readonly tasksAliveAtLeast: number;
  /** Acknowledged writes: a planned change of region may lose none. Without it only the time counts. */
  readonly writesLostAtMost?: number | undefined;
  /** The same for objects and images: how old the oldest missing one may be. */
  readonly rpoObjectsWithinMs?: Millis | undefined;
  /** From the fault until a standby could take over again. */
  readonly unprotectedWithinMs?: Millis | undefined;
  /** The longest time in which a healthy primary may take no write. */
  readonly stalledWithinMs?: Millis | undefined;
}

export interface Timing {
  /** How long a healthy platform is watched before anything is broken. */
  readonly steadyMs: Millis;
  /** Platform trouble longer than this ends the wait; the fault heals and the verdict is fail. */
  readonly recoveryDeadlineMs: Millis;
  /** How long the recovered platform is watched before the fault heals. */
  readonly stableMs: Millis;
  /** How long is watched after the heal. */
  readonly settleMs: Millis;
  /** Availability probes: one intended sample per deployment, kind and client in this time. */
  readonly probeEveryMs: Millis;
  readonly probeWithinMs: Millis;
  /** Down is this many failures in a row; up is `upAfter` successes in a row over at least `upSpanMs`. */
  readonly downAfter: number;
  readonly upAfter: number;
  readonly upSpanMs: Millis;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** The claim, as a sentence that a run can prove wrong. */
  readonly promise: string;
  /** Abilities that the environment must offer. */
  readonly requires: readonly string[];
  /** Where the platform's primary is when the run begins; `lost` unless it says otherwise. */
  readonly primary?: Part;
  /** Regions that it is about; the others are the environment's own. */
  readonly regions?: Partial<Environment["regions"]>;
  /** Played before the load, unmeasured: what brings the platform into the state that the acts begin in. */
  readonly prepare?: readonly Act[];
  readonly load: readonly Workload[];
  readonly acts: readonly Act[];
  readonly probes: readonly Probe[];
  readonly checkers: readonly Checker[];
  readonly objectives: Objectives;
  readonly timing: Timing;
}

export type RunOutcome = "pass" | "fail" | "inconclusive" | "invalid";

/** What `run.json` holds. */
export interface Result {
  readonly schema: "gameday.run/1";
  readonly scenario: { readonly name: string; readonly title: string; readonly promise: string };
  readonly seed: string;
  readonly tier: Tier;
  readonly timeScale: number;
  readonly startedAt: string;
  readonly durationMs: Millis;
  readonly outcome: RunOutcome;
  readonly exitCode: number;
  /** One sentence. */
  readonly because: string;
  readonly interrupted: boolean;
  readonly regions: { readonly lost: string; readonly survivor: string; readonly controlPlanes: string };
  readonly deployments: readonly string[];
  readonly objectives: Objectives;
  readonly timing: Timing;
  readonly drills?: readonly Drill[];
  readonly fidelity: Environment["fidelity"];
  readonly experimentId?: string;
  readonly loadEngine?: string;
  readonly verdicts: readonly Verdict[];
  /** `hash` is that of the last line, which stands for all of them; histories of schema 1 have none. */
  readonly history: { readonly file: string; readonly ops: number; readonly hash?: string };
}

/** Hears a live run and a replayed journal through the same two calls. */
export interface Reporter {
  onOp?(op: Op): void;
  onEnd?(result: Result, history: History): void | Promise<void>;
}
