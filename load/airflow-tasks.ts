import { watchWallClock } from "../harness/clock.ts";
import { EnvironmentTrouble } from "../harness/errors.ts";
import type { Deed, Millis, Run, Started, Workload } from "../harness/types.ts";
import { until } from "../harness/until.ts";
import { type ChosenEngine, chooseEngine, type EngineChoice } from "./choose-engine.ts";
import type { EngineHealth } from "./engine.ts";
import type { LoadPlan } from "./model/plan.ts";
import { createTally, type Tally } from "./tally.ts";

export interface AirflowTasks {
  /** Worker slots over all deployments; each keeps one task alive. */
  readonly tasks: number;
  readonly heartbeatEveryMs?: Millis;
  /** A worker gives its task up when the last acknowledged heartbeat is older than this, ... */
  readonly heartbeatTimeoutMs?: Millis;
  /** ... or after this many failed heartbeats in a row. Airflow is moving from 3 to 20. */
  readonly failedHeartbeatsAtMost?: number;
  /** How often a worker without a task asks for one. */
  readonly pollEveryMs?: Millis;
  readonly requestTimeoutMs?: Millis;
  /** Calls of the user API over all deployments, half by fresh and half by sticky clients. */
  readonly users?: { readonly perSecond: number };
  readonly engine?: EngineChoice;
  /** How long all workers may take to get their first task. */
  readonly readyWithinMs?: Millis;
}

/** Airflow's workers with their tasks, and its users: 1,200 heartbeating tasks that do not stop when the platform does. */
export function airflowTasks({
  tasks,
  heartbeatEveryMs = 2_000,
  heartbeatTimeoutMs = 10_000,
  failedHeartbeatsAtMost = 20,
  pollEveryMs = 1_000,
  requestTimeoutMs = 2_000,
  users = { perSecond: 20 },
  engine: choice = "auto",
  readyWithinMs = 60_000,
}: AirflowTasks): Workload {
  return {
    role: "load",
    name: "airflow-tasks",
    async start(run) {
      const { platform, dns } = run.environment;
      const plan: LoadPlan = {
        deployments: platform.deployments,
        dohUrl: dns.dohUrl,
        port: platform.port,
        token: platform.token,
        requestTimeoutMs,
        tasks: { workers: tasks, heartbeatEveryMs, heartbeatTimeoutMs, failedHeartbeatsAtMost, pollEveryMs },
        users,
      };
      const engine = await chooseEngine(choice, run.signal);
      return startLoad(plan, engine, readyWithinMs, run);
    },
  };
}

async function startLoad(
  plan: LoadPlan,
  { engine, because }: ChosenEngine,
  readyWithinMs: Millis,
  run: Run,
): Promise<Started> {
  const { clock } = run;
  await using stack = new AsyncDisposableStack();
  let steppedMs = 0;
  stack.use(
    watchWallClock(clock, (stepMs) => {
      if (engine.clock === "wall") steppedMs += stepMs;
    }),
  );
  const toRun = (wallMs: number): Millis => Math.round(wallMs - clock.wallOriginMs - steppedMs);
  const tally = createTally(plan, (seen) => run.observe(seen), { toRun, regionOf: run.environment.regionOf });
  const settledMs = settleMs(plan);
  stack.use(clock.every(clock.now() + 1_000, 1_000, (due) => tally.write(due - settledMs)));

  const work = { tasks: plan.tasks.workers, deployments: plan.deployments.length };
  const value = { engine: engine.name, version: engine.version, because, ...work, asksWithinMs: asksWithinMs(plan) };
  const began = clock.now();
  const started = await attempt(run, { process: "load/engine", f: "start", value }, async () => {
    let helloAfterMs: Millis | undefined;
    const running = stack.use(
      await engine.start(plan, {
        line(line) {
          if (line[0] === "hello") helloAfterMs = clock.now() - toRun(line[1]);
          tally.add(line);
        },
        words: (text) => tally.workforce.troubled(`${engine.name} says: ${text}`),
      }),
    );
    const gone = new AbortController();
    void running.ended.then((health) => {
      recordHealth(run, engine.name, health);
      if (health.early) gone.abort(endedByItself(engine.name, health));
    });
    await fullHeight(tally, plan, run, readyWithinMs, gone.signal);
    // The engine's clock is ahead of ours by no more than this: it was the time until its first line was read.
    return {
      value: { gone: gone.signal },
      result: { readyAfterMs: clock.now() - began, clockWithinMs: helloAfterMs, pid: running.pid },
    };
  });

  const kept = stack.move();
  return {
    standing: () => (started.gone.aborted ? String(started.gone.reason) : tally.workforce.standing(clock.now())),
    async [Symbol.asyncDispose]() {
      await kept.disposeAsync();
      tally.write(clock.now());
    },
  };
}

/** A worker without a task asks again after its pause; a name looked up and a call made take their whole timeouts at most. */
const asksWithinMs = ({ tasks, requestTimeoutMs }: LoadPlan): Millis => tasks.pollEveryMs + 2 * requestTimeoutMs;

/** What was due in a second is known when its slowest answer is: a name looked up and a call made, each with its whole timeout. */
const settleMs = (plan: LoadPlan): Millis => 2 * plan.requestTimeoutMs + 500;

/** Records the work like any other deed, and lets its error go on. */
async function attempt<V>(run: Run, deed: Deed, work: () => Promise<{ value: V; result: unknown }>): Promise<V> {
  let value: { is: V } | undefined;
  let thrown: unknown;
  await run.record(deed, async () => {
    try {
      const done = await work();
      value = { is: done.value };
      return done.result;
    } catch (error) {
      thrown = error;
      throw error;
    }
  });
  if (value === undefined) throw thrown;
  return value.is;
}

async function fullHeight(
  { workforce }: Tally,
  plan: LoadPlan,
  run: Run,
  withinMs: Millis,
  gone: AbortSignal,
): Promise<void> {
  const { clock } = run;
  await until(
    `${plan.tasks.workers} workers with a task`,
    () => workforce.standing(clock.now()),
    (trouble) => trouble === undefined,
    {
      clock,
      withinMs,
      signal: AbortSignal.any([run.signal, gone]),
      hint: "the load needs as many queued tasks as it has workers: look at the deployments' health and at maxActiveTasks",
    },
  );
}

function recordHealth(run: Run, name: string, health: EngineHealth): void {
  const { early, ...result } = health;
  const at = run.clock.now();
  const seen = { process: "load/engine", f: "health", value: {}, began: at, ended: at, result } as const;
  run.observe(early ? { ...seen, type: "fail", error: endedByItself(name, health).message } : { ...seen, type: "ok" });
}

const endedByItself = (name: string, { exitCode, lastWords }: EngineHealth): EnvironmentTrouble =>
  new EnvironmentTrouble(
    `the load engine ${name} ended by itself with exit code ${exitCode}; its last words: ${lastWords.slice(-3).join(" | ") || "none"}`,
  );
