import type { Line } from "./model/lines.ts";
import type { LoadPlan } from "./model/plan.ts";

/** Something that can put a load plan to work in a process of its own. */
export interface LoadEngine {
  readonly name: "k6" | "builtin";
  readonly version: string;
  /** Whether the times of its lines move when the wall clock is stepped. */
  readonly clock: "wall" | "monotonic";
  /** Resolves when the engine's process runs; its lines follow. An aborted signal stops it as disposing does. */
  start(plan: LoadPlan, sink: Sink, signal?: AbortSignal): Promise<RunningEngine>;
}

export interface Sink {
  line(line: Line): void;
  /** Hears what the engine prints beside its lines. */
  words(text: string): void;
}

/** Disposing asks the engine to stop, waits for its farewell, and ends it by force when it does not. */
export interface RunningEngine extends AsyncDisposable {
  readonly pid: number;
  /** Resolves when the process is gone, asked or not; it never rejects. */
  readonly ended: Promise<EngineHealth>;
}

export interface EngineHealth {
  /** 0 when it ended as asked; otherwise the process' own code, or 128 and the number of the signal that ended it. */
  readonly exitCode: number;
  /** It ended before anybody asked it to. */
  readonly early: boolean;
  readonly droppedIterations: number;
  /** The engine's own limits on its own health that it broke, for example `heartbeat_lateness_ms p(99)<50`. */
  readonly thresholdsFailed: readonly string[];
  /** The last of what it printed beside its lines. */
  readonly lastWords: readonly string[];
}
