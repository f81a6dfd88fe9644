import { RollbackFailed } from "./errors.ts";
import { startAll } from "./start-all.ts";
import type { Run, Scenario, Started } from "./types.ts";
import { until } from "./until.ts";

/**
 * The order of things: probes open first and close last, load next, then steady state, then fault and failover; the fault heals before
 * load stops. `await using` unwinds in that order too when a step throws, the deadline passes or the user interrupts.
 */
export async function play(scenario: Scenario, run: Run): Promise<void> {
  const { timing } = scenario;
  await using probes = await startAll(scenario.probes, run);
  await using load = await phase(run, "load", () => startAll(scenario.load, run));
  const watched = [...probes.started, ...load.started];
  await phase(run, "steady", async () => {
    await allWell(watched, run, timing.recoveryDeadlineMs);
    await run.clock.sleep(timing.steadyMs, run.signal);
  });
  {
    await using _fault = await phase(run, "fault", async () => healed(await scenario.fault.start(run), run));
    using outage = withDeadline(run, timing.recoveryDeadlineMs);
    await attempt(run, "failover", () => scenario.failover.perform(outage));
    await attempt(run, "recovery", async () => {
      await allWell(watched, outage, timing.recoveryDeadlineMs);
      await run.clock.sleep(timing.stableMs, outage.signal);
    });
    await attempt(run, "stock", () => takeStock(watched));
  } // The fault heals here.
  await phase(run, "settle", () => run.clock.sleep(timing.settleMs, run.signal));
}

/** Records a phase of the run; what it throws goes on. */
async function phase<T>(run: Run, name: string, work: () => Promise<T>): Promise<T> {
  let outcome: { value: T } | undefined;
  let thrown: unknown;
  await run.record({ process: "run/play", f: "phase", value: { phase: name } }, async () => {
    try {
      outcome = { value: await work() };
    } catch (error) {
      thrown = error;
      throw error;
    }
  });
  if (outcome === undefined) throw thrown;
  return outcome.value;
}

/** A phase in which the platform may fail: that is a finding, and the fault must still heal. Only an interrupted run stops here. */
async function attempt(run: Run, name: string, work: () => Promise<void>): Promise<void> {
  await phase(run, name, work).catch(() => run.signal.throwIfAborted());
}

const allWell = async (watched: readonly Started[], run: Run, withinMs: number): Promise<void> => {
  await until(
    "a healthy platform",
    () => watched.map((one) => one.standing?.()).filter((trouble) => trouble !== undefined),
    (troubles) => troubles.length === 0,
    { clock: run.clock, withinMs, signal: run.signal },
  );
};

const takeStock = async (watched: readonly Started[]): Promise<void> => {
  await Promise.all(watched.map((one) => one.takeStock?.()));
};

/** The same run, interrupted when the time is over. Disposed, it lets go of its timer. */
function withDeadline(run: Run, withinMs: number): Run & Disposable {
  const late = new Error(`the deadline of ${withinMs} ms after the fault has passed`);
  const [deadline, over] = [new AbortController(), new AbortController()];
  run.clock.sleep(withinMs, AbortSignal.any([run.signal, over.signal])).then(
    () => deadline.abort(late),
    () => undefined,
  );
  return { ...run, signal: AbortSignal.any([run.signal, deadline.signal]), [Symbol.dispose]: () => over.abort() };
}

/** Healing is a phase of its own, whether the run came to its end or not. */
const healed = (fault: Started, run: Run): AsyncDisposable => ({
  [Symbol.asyncDispose]: () =>
    phase(run, "heal", async () => fault[Symbol.asyncDispose]()).catch((cause: unknown) => {
      if (cause instanceof RollbackFailed) throw cause;
      throw new RollbackFailed("the fault could not be undone", {
        hint: "run `gameday heal`, then look at the region by hand",
        cause,
      });
    }),
});
