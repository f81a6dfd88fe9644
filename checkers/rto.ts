import type { CheckContext, Checker, History, Outcome, Verdict } from "../harness/types.ts";
import { countOf, duration, some } from "../harness/words.ts";
import { type HeldUp, heldUp } from "./held-up.ts";
import { type Interval, latest, quantile, since, times, within } from "./interval.ts";
import { type Outage, outageOf, watchedToTheEnd } from "./outage.ts";
import { type Recovery, recoveries } from "./recovery.ts";
import { stagesOf } from "./stages.ts";
import { tasksServed, witnessed } from "./witnessed.ts";

/** From the fault until every deployment was stable, the database had a writer and tasks were served, on interval bounds and projected to real time. */
export const rto: Checker = {
  name: "rto",
  kind: "objective",
  check(history, context) {
    const outage = outageOf(history, context);
    if (outage === undefined) return unknown("no fault was injected, so there was nothing to recover from");
    if (!outage.confirmed) return unknown("the fault was never confirmed, so its time is not known", outage.evidence);
    return judged(history, context, outage);
  },
};

const unknown = (because: string, evidence: readonly number[] = []): Verdict => ({
  checker: "rto",
  kind: "objective",
  outcome: "unknown",
  because,
  evidence,
});

function judged(history: History, context: CheckContext, outage: Outage): Verdict {
  const { timeScale, objectives, deployments } = context;
  const limit = objectives.rtoWithinMs;
  const recovered = recoveries(history, outage, context);
  const rtos = recovered.map((one) =>
    one.stable === undefined ? { low: 0, high: 0 } : since(outage.from, one.stable),
  );
  const parts = {
    writer: witnessed(history, "writer", outage, context.regions.survivor),
    tasks: tasksServed(history, outage, context),
  };
  const serving = Object.values(parts).flatMap((part) => (part === undefined ? [] : [since(outage.from, part)]));
  const unwitnessed = [
    ...deployments.filter((name) => !recovered.some((one) => one.name === name)),
    ...(parts.writer === undefined ? ["the writer"] : []),
    ...(parts.tasks === undefined ? ["the tasks"] : []),
  ];
  if (rtos.length === 0) return unknown("no deployment was watched by both kinds of look", outage.evidence);
  const clientsBack = latest(rtos);
  const all = latest([clientsBack, ...serving]);
  const share95 = quantile(rtos, 0.95);
  const projected = times(all, timeScale);
  const never = recovered.filter((one) => one.never);
  // A writer that no witness saw while every deployment writes again tells of the witness, not of the platform.
  const neverServed = never.length > 0 || parts.tasks?.high === null;
  const lost = neverServed && watchedToTheEnd(history, outage, context);
  const outcome: Outcome = lost ? "fail" : verdictOn(projected, limit, unwitnessed.length === 0);
  const held = outcome === "fail" ? heldUp(history, outage, context) : undefined;
  const slowest = recovered[rtos.findIndex((one) => one.high === clientsBack.high)];
  return {
    checker: "rto",
    kind: "objective",
    outcome,
    because: inWords({
      ...{ outcome, context, projected, all, clientsBack, never, unwitnessed, slowest, parts, recovered, held },
    }),
    measured: { ...projected, limit, unit: "ms" },
    evidence: [
      ...outage.evidence,
      ...(never.length > 0 ? never.slice(0, 5) : [slowest]).flatMap((one) => one?.evidence ?? []),
      ...Object.values(parts).flatMap((part) => part?.evidence ?? []),
      ...(held?.evidence ?? []),
    ],
    details: {
      lab: all,
      fault: outage.from,
      deployments: recovered.map((one, n) => ({ ...one, ...rtos[n] })),
      platform: {
        all,
        share95: share95 && latest([share95, ...serving]),
        writer: parts.writer && since(outage.from, parts.writer),
        tasks: parts.tasks && since(outage.from, parts.tasks),
      },
      quantiles: { p50: quantile(rtos, 0.5), p95: share95, max: clientsBack },
      lastSeen: lastSeen(history, context),
      ...(held === undefined ? {} : { heldUp: held }),
    },
  };
}

/** Missing witnesses can hide a failure, never make one. */
function verdictOn(projected: Interval, limit: number, complete: boolean): Outcome {
  const outcome = within(projected, limit);
  return outcome === "pass" && !complete ? "unknown" : outcome;
}

const lastSeen = (history: History, context: CheckContext): Record<string, string> =>
  Object.fromEntries(
    stagesOf(history, context).flatMap(({ name, lastSeen: state }) => (state === undefined ? [] : [[name, state]])),
  );

interface Findings {
  readonly outcome: Outcome;
  readonly context: CheckContext;
  readonly projected: Interval;
  readonly all: Interval;
  readonly clientsBack: Interval;
  readonly never: readonly Recovery[];
  readonly unwitnessed: readonly string[];
  readonly slowest: Recovery | undefined;
  readonly parts: { readonly writer: ReturnType<typeof witnessed>; readonly tasks: ReturnType<typeof tasksServed> };
  readonly recovered: readonly Recovery[];
  readonly held: HeldUp | undefined;
}

function inWords({
  outcome,
  context,
  projected,
  all,
  clientsBack,
  never,
  unwitnessed,
  slowest,
  parts,
  recovered,
  held,
}: Findings): string {
  const why = held === undefined ? "" : `; ${held.sentence}`;
  const scaled = (ms: number): string => `${duration(ms)}${context.timeScale === 1 ? "" : " (projected)"}`;
  const limit = duration(context.objectives.rtoWithinMs);
  const count = recovered.length;
  if (never.length > 0) {
    const errors = [...new Set(never.map(({ lastError }) => lastError ?? "no answer"))];
    const stuck = [parts.writer?.high === null ? `writer: ${parts.writer.lastSeen}` : ""].filter((part) => part !== "");
    return `${never.length} of ${countOf(count, "deployment")} had not recovered ${duration(all.low)} after the fault (${some(never.map(({ name }) => name))}; last seen: ${[...stuck, some(errors)].join("; ")})${why}`;
  }
  if (parts.tasks?.high === null)
    return `tasks were not served again ${duration(all.low)} after the fault (last seen: ${parts.tasks.lastSeen})${why}`;
  if (outcome === "fail")
    return `recovery took at least ${scaled(projected.low)}, more than the ${limit} allowed; the slowest deployment was ${slowest?.name}${why}`;
  if (unwitnessed.length > 0) return `nobody watched ${some(unwitnessed)}, so recovery is not proved`;
  if (parts.writer?.high === null)
    return `no witness saw the writer, although the deployments write again (last seen: ${parts.writer.lastSeen})`;
  if (projected.high === null) return `samples of ${slowest?.name} are missing where its recovery would show`;
  if (outcome === "unknown")
    return `recovery took between ${duration(projected.low)} and ${scaled(projected.high)}, which straddles the limit of ${limit}`;
  const again = recovered.filter(({ relapses }) => relapses > 0).length;
  const who = count === 1 ? "the deployment was" : `all ${count} deployments were`;
  const clients = duration((clientsBack.high ?? 0) * context.timeScale);
  const whole = duration(projected.high);
  const when = clients === whole ? whole : `${clients} and the whole platform after ${whole}`;
  const scale = context.timeScale === 1 ? "" : " (projected)";
  return `${who} back after ${when}${scale}${again > 0 ? `, ${again} of them went down again for a while` : ""}`;
}
