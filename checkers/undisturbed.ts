import type { CheckContext, Checker, History, Millis, Outcome, Verdict } from "../harness/types.ts";
import { duration, some } from "../harness/words.ts";
import { seriesOf } from "./availability.ts";
import { fallenBetween } from "./fallen.ts";
import { endOf } from "./outage.ts";
import { type FailedEdge, failedEdges, pairsOf } from "./vocabulary.ts";

/** Whether nobody noticed while nothing but single edges was failed: from when it was confirmed until the next thing was done. */
export const undisturbed: Checker = {
  name: "undisturbed",
  kind: "objective",
  check(history, context) {
    const [failed] = failedEdges(history);
    if (failed === undefined) return said("unknown", "no edge was failed, so there was nothing to bear", []);
    const names = some(failed.edges.map(({ service, region }) => `${service} in ${region}`));
    const confirm = pairsOf(history, failed.process, "confirm").find(
      ({ invocation, completion }) => invocation.index > failed.evidence[0] && completion?.type === "ok",
    )?.completion;
    if (confirm === undefined) return said("unknown", `nobody confirmed that ${names} had failed`, failed.evidence);
    const until = untilOf(history, confirm.time, failed.until);
    const evidence = [...failed.evidence, confirm.index];
    const fallen = fallenBetween(history, confirm.time, until, context);
    if (fallen.length > 0)
      return said("fail", `${some(fallen.map(({ name }) => name))} went down while nothing but ${names} was out`, [
        ...evidence,
        ...fallen.flatMap((one) => one.evidence),
      ]);
    const unwatched = unwatchedBetween(history, confirm.time, until, context);
    if (unwatched.length > 0)
      return said("unknown", `nobody watched ${some(unwatched)} while ${names} was out`, evidence);
    return {
      ...said(
        "pass",
        `${names} was out for ${duration(until - confirm.time)} before anything else, and no deployment went down`,
        evidence,
      ),
      details: { edges: failed.edges satisfies readonly FailedEdge[], from: confirm.time, until },
    };
  },
};

const said = (outcome: Outcome, because: string, evidence: readonly number[]): Verdict => ({
  checker: "undisturbed",
  kind: "objective",
  outcome,
  because,
  evidence,
});

/** The next fault, the next drill, or the heal. */
function untilOf(history: History, from: Millis, healed: Millis | undefined): Millis {
  const next = [...history.pairs("fault", "inject"), ...history.pairs("run", "drill")]
    .map(({ invocation }) => invocation.time)
    .filter((time) => time > from);
  return Math.min(...next, healed ?? Number.POSITIVE_INFINITY, endOf(history));
}

/** Deployments of which no sample in the time says anything. */
function unwatchedBetween(
  history: History,
  low: Millis,
  high: Millis,
  { timing, deployments }: CheckContext,
): string[] {
  const watched = new Set(
    seriesOf(history, timing)
      .filter(
        ({ client, samples }) =>
          client === "fresh" && [...samples].some(({ due, state }) => due >= low && due <= high && state !== "unknown"),
      )
      .map(({ deployment }) => deployment),
  );
  return deployments.filter((name) => !watched.has(name));
}
