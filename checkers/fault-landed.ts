import type { CheckContext, Checker, History, Outcome, Verdict } from "../harness/types.ts";
import { countOf, duration, some } from "../harness/words.ts";
import { seriesOf } from "./availability.ts";
import { type Outage, outageOf } from "./outage.ts";
import type { Sample } from "./samples.ts";
import { pairsOf, reachability, succeeded } from "./vocabulary.ts";

export interface LandedOptions {
  /** This share of the deployments must have failed after the fault, and have answered before it. */
  readonly shareAtLeast?: number;
  /**
   * `gray`: the region is there and does not work, and an answer of its own proves nothing. `apart`: it is cut off from the other one, and goes
   * on answering.
   */
  readonly how?: "lost" | "gray" | "apart";
  /** How often it must have landed. */
  readonly times?: number;
  /** Whether it must have been healed in the middle of a failover. */
  readonly healedMidway?: boolean;
}

/**
 * Whether the fault really happened: the command succeeded, an independent probe confirmed its effect, and clients that had answers before
 * it (negative control) had failures after it (positive control). It must also have held until it was healed: what ended by itself was an
 * outage of its own length, and the recovery may be no more than that.
 */
export const faultLanded = ({
  shareAtLeast = 1,
  how = "lost",
  times = 1,
  healedMidway = false,
}: LandedOptions = {}): Checker => ({
  name: "fault-landed",
  kind: "validity",
  check(history, context) {
    const command = commanded(history);
    if (command !== undefined) return command;
    const outage = outageOf(history);
    if (outage === undefined) return verdict("fail", "no fault was injected");
    const confirm = pairsOf<unknown, { how?: string }>(history, outage.process, "confirm").at(-1)?.completion;
    if (!outage.confirmed && confirm?.type === "fail")
      return verdict("fail", `the fault did not land: ${confirm.error ?? "the probe saw no effect"}`, [
        ...outage.evidence,
        confirm.index,
      ]);
    if (!outage.confirmed)
      return verdict("unknown", "no independent probe confirmed that the fault landed", outage.evidence);
    return (
      (how === "lost" ? released(history, outage, context) : undefined) ??
      repeated(history, outage, times) ??
      (healedMidway ? healedElsewhen(history, outage) : undefined) ??
      controlled(history, outage, context, { shareAtLeast, how, seen: confirm?.value?.how })
    );
  },
});

const verdict = (outcome: Outcome, because: string, evidence: readonly number[] = [], details?: unknown): Verdict => ({
  checker: "fault-landed",
  kind: "validity",
  outcome,
  because,
  evidence,
  ...(details === undefined ? {} : { details }),
});

/** What is wrong with the command itself. */
function commanded(history: History): Verdict | undefined {
  const pairs = [...history.pairs("fault", "inject")];
  if (pairs.some(({ completion }) => completion?.type === "ok")) return undefined;
  const last = pairs.at(-1);
  if (last === undefined) return verdict("fail", "no fault was injected");
  const { invocation, completion } = last;
  const outcome = completion?.type === "fail" ? "fail" : "unknown";
  return verdict(
    outcome,
    `the command to inject the fault ${completion ? "did not succeed" : "was never answered"}${completion?.error ? `: ${completion.error}` : ""}`,
    [completion?.index ?? invocation.index],
  );
}

/** What is wrong when the lost region came back before anybody healed it. */
function released(history: History, outage: Outage, { regions }: CheckContext): Verdict | undefined {
  const answer = succeeded(reachability(history)).find(
    ({ asked, seen, began, ended }) =>
      asked.region === regions.lost &&
      seen.answered &&
      began > outage.from.high &&
      ended < (outage.healedAt ?? outage.until),
  );
  if (answer === undefined) return undefined;
  const heldMs = answer.began - outage.from.high;
  return verdict("fail", `${regions.lost} answered again ${duration(heldMs)} after the fault, before it was healed`, [
    ...outage.evidence,
    answer.index,
  ]);
}

/** What is wrong when it should have landed again and again. */
function repeated(history: History, { process, evidence }: Outage, times: number): Verdict | undefined {
  const confirmed = pairsOf(history, process, "confirm").filter(({ completion }) => completion?.type === "ok");
  if (confirmed.length >= times) return undefined;
  return verdict("fail", `the fault landed ${countOf(confirmed.length, "time")} of ${times}`, [
    ...evidence,
    ...confirmed.map(({ invocation }) => invocation.index),
  ]);
}

/** What is wrong when the region did not return in the middle of the failover. */
function healedElsewhen(history: History, { healedAt, evidence }: Outage): Verdict | undefined {
  const [follow] = [...history.pairs("failover", "follow")];
  const [begun, ended] = [follow?.invocation.time, follow?.completion?.time];
  if (healedAt === undefined || begun === undefined) return verdict("unknown", "no failover was interrupted", evidence);
  if (healedAt > begun && (ended === undefined || healedAt < ended)) return undefined;
  const when = healedAt <= begun ? "before the failover began" : "when the failover was over";
  return verdict("fail", `the region returned ${when}, not in the middle of it`, [
    ...evidence,
    follow?.completion?.index ?? 0,
  ]);
}

interface Controls extends Required<Pick<LandedOptions, "shareAtLeast" | "how">> {
  readonly seen: string | undefined;
}

function controlled(
  history: History,
  outage: Outage,
  { deployments, timing, regions }: CheckContext,
  { shareAtLeast, how, seen }: Controls,
): Verdict {
  const fresh = seriesOf(history, timing).filter(({ client }) => client === "fresh");
  const wanted = Math.ceil(shareAtLeast * deployments.length);
  const hit = new Map<string, Sample>();
  const well = new Map<string, Sample>();
  for (const { deployment, samples } of fresh)
    for (const sample of samples) {
      if (sample.state === "up" && sample.ended <= outage.from.low) well.set(deployment, sample);
      if (
        sample.state === "down" &&
        sample.began >= outage.from.low &&
        sample.due < outage.until &&
        !hit.has(deployment)
      )
        hit.set(deployment, sample);
    }
  const count = (some: ReadonlyMap<string, Sample>): number => deployments.filter((name) => some.has(name)).length;
  const cited = [...outage.evidence, ...[...well.values()].slice(0, 3), ...[...hit.values()].slice(0, 5)].flatMap(
    (one) => (typeof one === "number" ? [one] : (one.index ?? [])),
  );
  const details = {
    experimentId: outage.experimentId,
    how: seen,
    wanted,
    hit: count(hit),
    well: count(well),
    of: deployments.length,
  };
  if (count(well) < wanted)
    return verdict(
      "fail",
      `only ${count(well)} of ${countOf(deployments.length, "deployment")} had answered before the fault, so their failures prove nothing`,
      cited,
      details,
    );
  if (count(hit) < wanted) {
    const spared = deployments.filter((name) => !hit.has(name));
    return verdict(
      "fail",
      `only ${count(hit)} of ${countOf(deployments.length, "deployment")} failed after the fault (not ${some(spared)}), ${wanted} were expected`,
      cited,
      details,
    );
  }
  const experiment = outage.experimentId === undefined ? "" : ` by experiment ${outage.experimentId}`;
  if (how === "apart")
    return verdict(
      "pass",
      `the fault landed${experiment}, as was seen: ${seen ?? "nobody says by what"}`,
      cited,
      details,
    );
  return verdict(
    "pass",
    `${regions.lost} was ${how}${experiment}, an independent probe confirmed it, and ${count(hit)} of ${countOf(deployments.length, "deployment")} failed after it`,
    cited,
    details,
  );
}
