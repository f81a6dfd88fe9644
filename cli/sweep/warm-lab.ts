import { edgeFault } from "../../fixtures/lab/edges/edge.ts";
import { failEdge } from "../../fixtures/lab/fail-edge.ts";
import { type Lab, startLab } from "../../fixtures/lab/lab.ts";
import { startClock } from "../../harness/clock.ts";
import { EnvironmentTrouble } from "../../harness/errors.ts";
import type { Clock, Millis } from "../../harness/types.ts";
import { until } from "../../harness/until.ts";
import { type Clients, clientsOf } from "./clients.ts";
import { type FoundEdge, keyOf } from "./edges.ts";
import type { SweepPlan } from "./journal.ts";
import { wayOf } from "./lab-edges.ts";
import { type Platform, platformOf, type Standing } from "./platform.ts";
import type { Played } from "./played.ts";

export interface WarmLabOptions {
  readonly plan: SweepPlan;
  readonly config: Parameters<typeof startLab>[0]["config"];
  readonly signal: AbortSignal;
  readonly onProgress: (what: string) => void;
}

/** A lab on which one failover is played after the other: each begins at home, healthy and protected. */
export interface WarmLab extends AsyncDisposable {
  /** Throws `EnvironmentTrouble` when the lab breaks down, or the platform does not come home again. */
  play(edge: FoundEdge | undefined): Promise<Played>;
}

/** How long the platform may take to come home and be protected, for each ms that a failover may take. */
const homeShare = 4;

/** What one failover left behind keeps the next from beginning: another lab is needed. */
class NotAtHome extends EnvironmentTrouble {}

/** A lab when the first failover is to be played, and another one where a platform does not come home. */
export function labsFor(options: WarmLabOptions): WarmLab {
  let current: WarmLab | undefined;
  const renew = async (): Promise<WarmLab> => {
    await current?.[Symbol.asyncDispose]();
    current = undefined;
    current = await warmLab(options);
    return current;
  };
  return {
    async play(edge) {
      const lab = current ?? (await renew());
      try {
        return await lab.play(edge);
      } catch (error) {
        if (!(error instanceof NotAtHome)) throw error;
        options.onProgress(`${error.message}; another lab is started`);
        return (await renew()).play(edge);
      }
    },
    [Symbol.asyncDispose]: async () => current?.[Symbol.asyncDispose](),
  };
}

async function warmLab({ plan, config, signal: outer, onProgress }: WarmLabOptions): Promise<WarmLab> {
  await using stack = new AsyncDisposableStack();
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  const lab = stack.use(await startLab({ config, seed: plan.seed, workersPerDeployment: 1, onProgress, signal }));
  void lab.broken.then((why) => stop.abort(new EnvironmentTrouble(why, { hint: "go on with --resume" })));
  await lab.arm();
  const clock = startClock();
  const clients = stack.use(clientsOf(lab.environment, clock));
  const ground: Ground = { lab, plan, clock, signal, clients, platform: platformOf(lab.environment) };
  const owned = stack.move();
  return {
    async play(edge) {
      await atHome(ground);
      return failedOver(ground, edge);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Ground {
  readonly lab: Lab;
  readonly plan: SweepPlan;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly clients: Clients;
  readonly platform: Platform;
}

/** Fails the edge, asks for a failover, and watches until clients are served from the survivor; then the edge is well again. */
async function failedOver(ground: Ground, edge: FoundEdge | undefined): Promise<Played> {
  const { lab, plan, clock } = ground;
  let failed: AsyncDisposable | undefined;
  if (edge !== undefined) {
    const { region, service } = edge;
    const fault = edgeFault.safeParse({ region, service, how: wayOf(edge, plan.how) });
    if (!fault.success) return { end: "unknown", because: `${keyOf(edge)} cannot be ${plan.how}` };
    try {
      failed = await failEdge(lab, fault.data, plan.withinMs * homeShare);
    } catch (error) {
      return { end: "unknown", because: `${keyOf(edge)} could not be failed: ${reasonOf(error)}` };
    }
  }
  const began = clock.now();
  try {
    const seen = await arrival(ground, plan.withinMs);
    if (seen.arrived) return { end: "arrived", tookMs: clock.now() - began };
    const { step, because } = await whereItHangs(ground, seen.last);
    await failed?.[Symbol.asyncDispose]();
    failed = undefined;
    const healed = clock.now();
    const later = await arrival(ground, plan.withinMs);
    const afterHealMs = later.arrived ? clock.now() - healed : null;
    return { end: "stuck", withinMs: plan.withinMs, step, because, afterHealMs };
  } finally {
    await failed?.[Symbol.asyncDispose]();
  }
}

interface Arrival {
  readonly arrived: boolean;
  /** What stood in the way last. */
  readonly last: string;
}

/** Asks for the failover until it is accepted, again when it has failed, and waits for clients. */
async function arrival({ platform, clients, plan, clock, signal }: Ground, withinMs: Millis): Promise<Arrival> {
  const { survivor } = plan.regions;
  let last = "nothing was seen";
  const look = async (): Promise<string> => {
    const { cluster, move } = await platform.standing(signal);
    if (!cluster.is_failed_over || move?.kind !== "failover" || move.state === "failed") {
      const refusal = await platform.ask(true, signal);
      return refusal === undefined ? "it was asked for" : `the request was answered ${refusal}`;
    }
    if (move.state !== "done") return inWords(move);
    return (await clients.trouble(survivor)) ?? "";
  };
  try {
    await until(
      "the failover",
      async () => {
        last = await look().catch((error: unknown) => reasonOf(error));
        return last;
      },
      (seen) => seen === "",
      { clock, withinMs, everyMs: 100, signal },
    );
    return { arrived: true, last };
  } catch {
    signal.throwIfAborted();
    return { arrived: false, last };
  }
}

async function whereItHangs({ platform, signal }: Ground, last: string): Promise<{ step: string; because: string }> {
  const standing = await platform.standing(signal).catch(() => undefined);
  const open = standing?.move?.steps.find(({ state }) => state === "running" || state === "failed");
  if (standing?.move?.kind !== "failover") return { step: "request", because: last };
  if (open === undefined) return { step: standing.move.state === "done" ? "clients" : "request", because: last };
  return { step: open.name, because: typeof open.detail === "string" && open.detail !== "" ? open.detail : last };
}

/** Brings the platform back to where a failover begins. */
async function atHome({ platform, clients, plan, clock, signal }: Ground): Promise<void> {
  const { lost } = plan.regions;
  const look = async (): Promise<string> => {
    const { cluster, move, isCleaning } = await platform.standing(signal);
    if (move?.state === "running") return inWords(move);
    // A failover that failed on its way must arrive before anything can turn back.
    const isHalfWay = move?.kind === "failover" && move.state === "failed";
    if (isHalfWay || cluster.active_region !== lost || move?.state === "failed") {
      const refusal = await platform.ask(isHalfWay, signal);
      return refusal ?? "the way home was asked for";
    }
    const { state = "unknown", because } = cluster.protection ?? {};
    if (state !== "protected") return `the platform is ${state}: ${because ?? ""}`;
    // Compute that is not removed yet would spare the next failover its first step.
    if (isCleaning) return "the clean-up is running";
    return (await clients.trouble(lost)) ?? "";
  };
  const withinMs = plan.withinMs * homeShare;
  await until("the platform at home", look, (seen) => seen === "", { clock, withinMs, everyMs: 200, signal }).catch(
    (cause: unknown) => {
      signal.throwIfAborted();
      throw new NotAtHome(`the lab's platform did not come home: ${reasonOf(cause)}`, {
        hint: "go on with --resume: it starts another lab",
        cause,
      });
    },
  );
}

const inWords = ({ kind, steps }: NonNullable<Standing["move"]>): string => {
  const open = steps.find(({ state }) => state === "running");
  return `${kind} is running${open === undefined ? "" : `, ${open.name}: ${String(open.detail)}`}`;
};
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
