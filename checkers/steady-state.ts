import type { CheckContext, Checker, History, Millis, Outcome } from "../harness/types.ts";
import { countOf, duration, some } from "../harness/words.ts";
import { downs, type Series, seriesOf } from "./availability.ts";
import { endOf, firstDisturbance } from "./outage.ts";
import type { Sample } from "./samples.ts";
import { appends, heartbeats, succeeded } from "./vocabulary.ts";

interface Finding {
  readonly outcome: Outcome;
  readonly because: string;
  readonly evidence: readonly number[];
}

/** Whether the platform was well and fully loaded for long enough before anything was broken; if not, the run proves nothing. */
export const steadyState: Checker = {
  name: "steady-state",
  kind: "validity",
  check(history, context) {
    const until = firstDisturbance(history) ?? endOf(history);
    const series = seriesOf(history, context.timing).filter(({ client }) => client === "fresh");
    const findings = [
      watchedLongEnough(series, until, context),
      everyDeploymentAnswered(series, until, context),
      everyLedgerAcknowledged(history, until, context),
      enoughTasksAlive(history, until, context),
    ];
    const worst =
      findings.find(({ outcome }) => outcome === "fail") ?? findings.find(({ outcome }) => outcome !== "pass");
    return {
      checker: "steady-state",
      kind: "validity",
      outcome: worst?.outcome ?? "pass",
      because: worst?.because ?? findings.map(({ because }) => because).join(", "),
      evidence: worst?.evidence ?? findings.flatMap(({ evidence }) => evidence),
      details: { until, findings },
    };
  },
};

function watchedLongEnough(series: readonly Series[], until: Millis, { timing }: CheckContext): Finding {
  const first = series.flatMap(({ samples }) => [...samples].find(answered) ?? []).sort((a, b) => a.due - b.due)[0];
  if (first === undefined) return { outcome: "unknown", because: "no probe ever saw the platform well", evidence: [] };
  const watchedMs = until - first.due;
  const enough = watchedMs >= timing.steadyMs;
  return {
    outcome: enough ? "pass" : "fail",
    because: `probes worked for ${duration(watchedMs)} before the fault${enough ? "" : `, less than the ${duration(timing.steadyMs)} wanted`}`,
    evidence: cited(first),
  };
}

function everyDeploymentAnswered(
  series: readonly Series[],
  until: Millis,
  { deployments, timing }: CheckContext,
): Finding {
  const from = until - timing.steadyMs;
  const during = ({ samples }: Series): Sample[] =>
    [...samples].filter(({ due, ended }) => due >= from && ended <= until);
  const trouble = new Map<string, { outcome: Outcome; sample?: Sample | undefined }>();
  for (const deployment of deployments)
    for (const kind of ["shallow", "deep"] as const) {
      const one = series.find((each) => each.deployment === deployment && each.kind === kind);
      const taken = one === undefined ? [] : during(one);
      const [down] = downs(taken, timing, "up");
      const name = `${deployment} ${kind}`;
      if (down !== undefined) trouble.set(name, { outcome: "fail", sample: down.lastBad });
      else if (!taken.some(answered)) trouble.set(name, { outcome: "unknown" });
    }
  if (trouble.size === 0)
    return {
      outcome: "pass",
      because: `${countOf(deployments.length, "deployment")} answered both kinds of look`,
      evidence: series.flatMap((one) => during(one).filter(answered).slice(-1).flatMap(cited)).slice(0, 10),
    };
  const failed = [...trouble].filter(([, { outcome }]) => outcome === "fail");
  const named = failed.length > 0 ? failed : [...trouble];
  return {
    outcome: failed.length > 0 ? "fail" : "unknown",
    because: `${some(named.map(([name]) => name))} ${failed.length > 0 ? "failed" : "gave no answer"} in the last ${duration(timing.steadyMs)} before the fault`,
    evidence: named.slice(0, 5).flatMap(([, { sample }]) => (sample === undefined ? [] : cited(sample))),
  };
}

function everyLedgerAcknowledged(history: History, until: Millis, context: CheckContext): Finding {
  const { deployments, regions, timing, drills, primary } = context;
  const serving = drills?.[0]?.from ?? primary ?? regions.lost;
  const last = new Map<string, number>();
  for (const { invocation, completion } of appends(history, { from: until - timing.steadyMs, until })) {
    const marker = invocation.value;
    if (completion?.type !== "ok" || marker?.region !== serving) continue;
    if (completion.time <= until) last.set(marker.deployment, completion.index);
  }
  const silent = deployments.filter((name) => !last.has(name));
  return {
    outcome: silent.length === 0 ? "pass" : "fail",
    because:
      silent.length === 0
        ? `every ledger was written in ${serving}`
        : `no ledger marker of ${some(silent)} was acknowledged in ${serving} in the last ${duration(timing.steadyMs)} before the fault`,
    evidence: [...last.values()].slice(0, 5),
  };
}

function enoughTasksAlive(history: History, until: Millis, { objectives }: CheckContext): Finding {
  const last = succeeded(heartbeats(history))
    .filter(({ ended }) => ended <= until)
    .sort((a, b) => a.ended - b.ended)
    .at(-1);
  if (last === undefined)
    return { outcome: "unknown", because: "no heartbeats were counted before the fault", evidence: [] };
  const { alive } = last.seen;
  const enough = alive >= objectives.tasksAliveAtLeast;
  return {
    outcome: enough ? "pass" : "fail",
    because: `${countOf(alive, "task")} alive at the fault${enough ? "" : `, fewer than the ${objectives.tasksAliveAtLeast} wanted`}`,
    evidence: [last.index],
  };
}

const answered = ({ state }: Sample): boolean => state === "up";
const cited = ({ index }: Sample): number[] => (index === undefined ? [] : [index]);
