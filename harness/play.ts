import { named, regionOf } from "./acts.ts";
import { DidNotHappen, RollbackFailed } from "./errors.ts";
import { startAll } from "./start-all.ts";
import type { Act, Millis, Run, Scenario, Started } from "./types.ts";
import { until } from "./until.ts";

/**
 * The order of things: probes open first and close last, load next, then steady state, then the scenario's acts; every fault heals before
 * load stops. `await using` unwinds in that order too when a step throws, a deadline passes or the user interrupts.
 */
export async function play(scenario: Scenario, run: Run): Promise<void> {
  const { timing, acts, prepare = [] } = scenario;
  await using probes = await startAll(scenario.probes, run);
  if (!(await playAll(prepare, { run, watched: probes.started, interrupted: run.signal })))
    throw new Error("the platform could not be brought into the state that this scenario begins in");
  await using load = await phase(run, "load", () => startAll(scenario.load, run));
  const watched = [...probes.started, ...load.started];
  await phase(run, "steady", () => wellFor(timing.steadyMs, mayBreak(watched), run, timing.recoveryDeadlineMs));
  await playAll(acts, { run, watched, interrupted: run.signal });
  await phase(run, "settle", () => run.clock.sleep(timing.settleMs, run.signal));
}

interface Stage {
  /** Its signal is the deadline's too, while there is one. */
  readonly run: Run;
  readonly watched: readonly Started[];
  /** The user's, without any deadline. */
  readonly interrupted: AbortSignal;
  readonly drill?: Extract<Act, { act: "drill" }>["drill"];
}

/** Plays acts in order, up to one that did not come to its end. */
async function playAll(acts: readonly Act[], stage: Stage): Promise<boolean> {
  for (const act of acts) if (!(await playOne(act, stage))) return false;
  return true;
}

/** Whether the act came to its end. What the platform fails to do is a finding; only an interrupted run throws, and a fault that does not land. */
async function playOne(act: Act, stage: Stage): Promise<boolean> {
  const { run, watched, drill } = stage;
  const { timing } = run.scenario;
  switch (act.act) {
    case "break": {
      await using _fault = await phase(run, "fault", async () => healed(await act.fault.start(run), run));
      return await playAll(act.acts, stage);
    } // The fault heals here.
    case "drill":
      return await playDrill(act, stage);
    case "ask":
      return await attempt(stage, act.plan.phase, () => act.plan.perform(run));
    case "along":
      return await together([playOne(act.main, stage), playAll(act.acts, stage)]);
    case "recover":
      return await attempt(stage, "recovery", () =>
        wellFor(timing.stableMs, standing(watched), run, timing.recoveryDeadlineMs),
      );
    case "stock":
      return await attempt(stage, "stock", () =>
        takeStock(watched, regionOf(run.environment.regions, drill?.to ?? "survivor")),
      );
    case "live":
      return await attempt(stage, "life", () => run.clock.sleep(act.forMs, run.signal));
    case "protect":
      return await attempt(stage, "protection", () => wellFor(0, mayBreak(watched), run, act.withinMs));
    case "refuse":
      return await attempt(stage, "gate", () => refused(watched, run, act.withinMs));
  }
}

/** Waits for all, so that nothing goes on behind the back of one that threw. */
async function together(parts: readonly Promise<boolean>[]): Promise<boolean> {
  await Promise.allSettled(parts);
  return (await Promise.all(parts)).every(Boolean);
}

/** All acts of a drill are played, whatever becomes of one: what the survivor holds is read of a failover that failed, too. */
async function playDrill({ drill, acts }: Extract<Act, { act: "drill" }>, stage: Stage): Promise<boolean> {
  const { run } = stage;
  using timed = withDeadline(run, run.scenario.timing.recoveryDeadlineMs);
  const done = await run.record(
    { process: "run/play", f: "drill", value: named(drill, run.environment.regions) },
    async () => {
      let whole = true;
      for (const act of acts) {
        // Reading takes place after the deadline too.
        const during = act.act === "stock" ? run : timed;
        whole = (await playOne(act, { ...stage, run: during, drill })) && whole;
      }
      if (!whole) throw new DidNotHappen(`the ${drill.name} did not come to its end`);
      return {};
    },
  );
  run.signal.throwIfAborted();
  return done.type === "ok";
}

/** Records a phase of the run; what it throws goes on. */
async function phase<T>(run: Run, name: string, work: () => Promise<T>, drill?: string): Promise<T> {
  let outcome: { value: T } | undefined;
  let thrown: unknown;
  const value = { phase: name, ...(drill === undefined ? {} : { drill }) };
  await run.record({ process: "run/play", f: "phase", value }, async () => {
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

/** A phase in which the platform may fail: that is a finding, and every fault must still heal. Only an interrupted run stops here. */
async function attempt({ run, drill, interrupted }: Stage, name: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await phase(run, name, work, drill?.name);
    return true;
  } catch {
    interrupted.throwIfAborted();
    return false;
  }
}

type Look = () => readonly string[];
const looks =
  (...of: (() => string | undefined)[]): Look =>
  () =>
    of.map((look) => look()).filter((trouble) => trouble !== undefined);
const standing = (watched: readonly Started[]): Look => looks(...watched.map((one) => () => one.standing?.()));
/** The steady-state check: nothing is broken while the platform is unwell, or could not stand the loss of a region. */
const mayBreak = (watched: readonly Started[]): Look =>
  looks(...watched.flatMap((one) => [() => one.standing?.(), () => one.protection?.()]));

/** Waits until all has been well for that long without a break; what goes wrong meanwhile begins it anew. */
async function wellFor(forMs: Millis, look: Look, { clock, signal }: Run, withinMs: Millis): Promise<void> {
  let since: Millis | undefined;
  await until(
    "a healthy platform",
    () => {
      const troubles = look();
      since = troubles.length === 0 ? (since ?? clock.now()) : undefined;
      return troubles;
    },
    () => since !== undefined && clock.now() - since >= forMs,
    { clock, withinMs: withinMs + forMs, signal },
  );
}

/** The steady-state check must say no, and why; whether it was right is for a checker. */
async function refused(watched: readonly Started[], run: Run, withinMs: Millis): Promise<void> {
  await run.record({ process: "run/play", f: "gate", value: { withinMs } }, async () => {
    const troubles = await until("the steady-state check to refuse", mayBreak(watched), ({ length }) => length > 0, {
      clock: run.clock,
      withinMs,
      signal: run.signal,
    }).catch((cause: unknown) => {
      run.signal.throwIfAborted();
      throw new DidNotHappen("the steady-state check found nothing in the way", undefined, { cause });
    });
    return { because: troubles };
  });
}

const takeStock = async (watched: readonly Started[], region: string): Promise<void> => {
  await Promise.all(watched.map((one) => one.takeStock?.(region)));
};

/** The same run, interrupted when the time is over. Disposed, it lets go of its timer. */
function withDeadline(run: Run, withinMs: Millis): Run & Disposable {
  const late = new Error(`the deadline of ${withinMs} ms has passed`);
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
