import { z } from "zod";
import { DidNotHappen } from "../harness/errors.ts";
import type { FailoverPlan, Millis, Run } from "../harness/types.ts";
import { until } from "../harness/until.ts";
import { noticedByUsers } from "./users.ts";

const health = z.object({
  primary: z.object({ region: z.string(), state: z.string() }),
  secondary: z.object({ region: z.string(), state: z.string() }).nullish(),
});
const accepted = z.object({ operation: z.union([z.string(), z.object({ id: z.string() })]) });
const operation = z.object({
  id: z.string(),
  state: z.enum(["running", "done", "failed"]),
  error: z.string().nullish(),
  steps: z.array(
    z.object({
      name: z.string(),
      state: z.enum(["pending", "running", "done", "failed"]),
      startedMs: z.number().nullish(),
      endedMs: z.number().nullish(),
      detail: z.unknown().optional(),
      /** The call to AWS that the step waits for. */
      waitsOn: z
        .object({ service: z.string(), operation: z.string(), region: z.string(), answered: z.boolean() })
        .nullish(),
    }),
  ),
});
type Operation = z.infer<typeof operation>;
const operations = z.object({ operations: z.array(z.object({ id: z.string(), kind: z.string() })) });

/** Something that an operator asks of the platform's control plane. */
interface Wish {
  readonly phase: string;
  /** Sent below the cluster's own path. */
  readonly method: "PATCH" | "DELETE";
  readonly path: (run: Run) => string;
  readonly body?: object;
  /** How long the operator takes from the alarm to the click, in real-world time. A modelled input: nobody is there in a scheduled run. Without it the wish is a planned one: nobody waits for an alarm. */
  readonly decideMs?: Millis | undefined;
  readonly alarm?: Alarm | undefined;
}

/** What tells an operator: the platform's own health, when it does not hear a region any more, or a monitor that sees what users see. */
export type Alarm = "silence" | "users";

export interface AskOptions {
  readonly decideMs?: Millis;
  readonly alarm?: Alarm;
}

const self = "failover/control-plane" as const;
const alarmed = ({ decideMs = 30_000, alarm = "silence" }: AskOptions): Pick<Wish, "decideMs" | "alarm"> => ({
  decideMs,
  alarm,
});
const cluster = () => "";

/** Fails the platform over as its operators do: wait for the alarm, decide, set the flag, and follow the operation. */
export const askControlPlane = (options: AskOptions = {}): FailoverPlan =>
  asking({ phase: "failover", method: "PATCH", path: cluster, body: { is_failed_over: true }, ...alarmed(options) });

/** Moves a healthy platform to its other region; no alarm is waited for. */
export const askForMove = (): FailoverPlan =>
  asking({ phase: "failover", method: "PATCH", path: cluster, body: { is_failed_over: true } });

/** Brings the platform back to its primary region. */
export const askForFailback = (): FailoverPlan =>
  asking({ phase: "failback", method: "PATCH", path: cluster, body: { is_failed_over: false } });

/** Says that the lost region never returns. */
export const askToGiveUp = (): FailoverPlan =>
  asking({ phase: "giving up", method: "DELETE", path: ({ environment }) => `/regions/${environment.regions.lost}` });

/** Lifts the bound of loss when the standby is lost, so that the primary need not wait for it; or puts it in force again. */
export const askForLossBound = (state: "suspended" | "enforced", options: AskOptions = {}): FailoverPlan =>
  asking({
    phase: `loss bound ${state}`,
    method: "PATCH",
    path: cluster,
    body: { loss_bound: state },
    ...(state === "suspended" ? alarmed(options) : {}),
  });

/** Asks for nothing: follows the clean-up that the platform begins by itself after a change of region, however long it waits. */
export const followCleanUp = (): FailoverPlan => ({
  name: "control-plane",
  phase: "clean-up",
  async perform(run) {
    const { operation: begun } = await must(
      run.record({ process: self, f: "find", value: { kind: "clean-up" } }, async () => {
        const { operations: all } = await until(
          "a clean-up of the platform",
          () => call(run, operations, "/operations"),
          ({ operations: seen }) => seen.at(-1)?.kind === "clean-up",
          { clock: run.clock, withinMs: run.scenario.timing.recoveryDeadlineMs, everyMs: 150, signal: run.signal },
        );
        return { operation: all.at(-1)?.id ?? "" };
      }),
    );
    await must(run.record({ process: self, f: "follow", value: { operation: begun } }, () => follow(run, begun)));
  },
});

function asking(wish: Wish): FailoverPlan {
  const { phase, decideMs, alarm = "silence" } = wish;
  const ring = alarm === "users" ? noticedByUsers : detected;
  return {
    name: "control-plane",
    phase,
    async perform(run) {
      if (decideMs !== undefined) {
        await must(run.record({ process: self, f: "detect", value: { alarm } }, () => ring(run)));
        await must(
          run.record({ process: self, f: "decide", value: { modelledMs: decideMs } }, () =>
            run.clock.sleep(decideMs / run.environment.timeScale, run.signal),
          ),
        );
      }
      const { operation: asked } = await must(
        run.record({ process: self, f: "request", value: { phase, ...wish.body } }, () => request(run, wish)),
      );
      await must(run.record({ process: self, f: "follow", value: { operation: asked } }, () => follow(run, asked)));
    },
  };
}

/** The value of something that happened; anything else ends the failover. */
async function must<T>(completion: Promise<{ type: string; value?: T; error?: string; f: string }>): Promise<T> {
  const done = await completion;
  if (done.type !== "ok") throw new Error(`${done.f}: ${done.error}`);
  return done.value as T;
}

async function call<T>(run: Run, shape: z.ZodType<T>, path: string, init: RequestInit = {}): Promise<T> {
  const { url, token, clusterId } = run.environment.platform.controlPlane;
  const reply = await fetch(`${url}/v1/clusters/${clusterId}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    signal: AbortSignal.any([run.signal, AbortSignal.timeout(5_000)]),
  });
  const text = await reply.text();
  if (!reply.ok)
    throw new DidNotHappen(`${init.method ?? "GET"} ${path} answered ${reply.status}: ${text.slice(0, 300)}`);
  return shape.parse(JSON.parse(text));
}

async function detected(run: Run): Promise<{ state: string }> {
  const { lost } = run.environment.regions;
  const seen = await until(
    "the platform's health to show the loss",
    async () => {
      const { primary, secondary } = await call(run, health, "/health");
      const found = [primary, secondary].find((one) => one?.region === lost);
      if (!found) throw new Error(`the platform's health does not name ${lost}`);
      return found;
    },
    ({ state }) => state === "unreachable",
    { clock: run.clock, withinMs: run.scenario.timing.recoveryDeadlineMs, everyMs: 100, signal: run.signal },
  );
  return { state: `${seen.region} is ${seen.state}` };
}

async function request(run: Run, { method, path, body }: Wish): Promise<{ operation: string }> {
  const reply = await call(run, accepted, path(run), {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { operation: typeof reply.operation === "string" ? reply.operation : reply.operation.id };
}

async function follow(run: Run, id: string): Promise<{ state: string }> {
  const reported = new Set<string>();
  let last: Operation | undefined;
  try {
    last = await until(
      "the operation",
      async () => {
        const seen = await call(run, operation, `/operations/${id}`);
        reportSteps(run, seen, reported);
        last = seen;
        return seen;
      },
      ({ state }) => state !== "running",
      { clock: run.clock, withinMs: run.scenario.timing.recoveryDeadlineMs, everyMs: 150, signal: run.signal },
    );
  } finally {
    if (last !== undefined) reportOpenSteps(run, last, reported);
  }
  if (last.state === "failed") throw new DidNotHappen(`the platform says that the operation failed: ${last.error}`);
  return { state: last.state };
}

/** Steps that have ended, each once, at the platform's own times placed on the run's clock by wall time. */
function reportSteps(run: Run, { steps }: Operation, reported: Set<string>): void {
  for (const { name, state, startedMs, endedMs, detail, waitsOn } of steps) {
    if (reported.has(name) || (state !== "done" && state !== "failed") || !startedMs || !endedMs) continue;
    reported.add(name);
    run.observe({
      process: self,
      f: "step",
      value: { step: name },
      began: Math.round(startedMs - run.clock.wallOriginMs),
      ended: Math.round(endedMs - run.clock.wallOriginMs),
      type: state === "done" ? "ok" : "fail",
      result: { detail, ...(waitsOn ? { waitsOn } : {}) },
    });
  }
}

/** Steps that never ended: what was last seen of them belongs in the history too. */
function reportOpenSteps(run: Run, { steps }: Operation, reported: Set<string>): void {
  for (const { name, state, startedMs, detail, waitsOn } of steps) {
    if (reported.has(name) || state !== "running" || !startedMs) continue;
    run.observe({
      process: self,
      f: "step",
      value: { step: name },
      began: Math.round(startedMs - run.clock.wallOriginMs),
      ended: run.clock.now(),
      type: "info",
      result: { detail, ...(waitsOn ? { waitsOn } : {}) },
      error: "did not end while it was watched",
    });
  }
}
