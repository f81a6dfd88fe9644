import { heard } from "../checkers/dependencies/heard.ts";
import { type DependencyRow, rowsOf } from "../checkers/dependencies/rows.ts";
import { outageOf } from "../checkers/outage.ts";
import { type EgressSeen, egressWatches } from "../checkers/vocabulary.ts";
import { UsageError } from "../harness/errors.ts";
import type { CheckContext, History } from "../harness/types.ts";
import type { Attempts } from "./types.ts";

/** What a run knows of dependencies. */
export interface RunSeen {
  readonly lost: string;
  readonly trouble?: string;
  readonly attempts: readonly Attempts[];
}

/** What reached beyond the survivor while a region was lost, but for the harness itself. Throws `UsageError` when the run cannot tell. */
export function seenIn(history: History, context: CheckContext): RunSeen {
  const { lost } = context.regions;
  const outage = outageOf(history, context);
  if (outage === undefined || outage.planned)
    throw new UsageError("no region was lost in this run, so it cannot tell what reached for one");
  const watch = egressWatches(history)[0]?.invocation.value;
  if (watch === undefined)
    throw new UsageError("nobody recorded in this run what was attempted", { hint: "play the game day again" });
  const { trouble } = heard(history, watch, outage, lost);
  const harness = new Set(watch.actors.filter(({ isHarness }) => isHarness === true).map(({ by }) => by));
  const attempts = rowsOf(history, watch, outage, context)
    .filter(({ by }) => !harness.has(by))
    .map((row) => attemptsOf(row, history));
  return { lost, ...(trouble === undefined ? {} : { trouble }), attempts };
}

const evidenceAtMost = 12;

function attemptsOf(row: DependencyRow, history: History): Attempts {
  const { by, what, region, because, at, through, how, count, unanswered, heldUp, allowed, evidence } = row;
  const hosts = evidence.flatMap((index) => {
    const op = history.ops.at(index);
    const seen = op?.type === "invoke" ? (op.value as EgressSeen | undefined) : undefined;
    return seen?.host?.toLowerCase() ?? [];
  });
  return {
    by: [by],
    what,
    region,
    because,
    frames: at === undefined ? [] : [at, ...through],
    hosts: [...new Set(hosts)],
    isPossible: how === "possible",
    count,
    unanswered,
    heldUp,
    ...(allowed === undefined ? {} : { allowed }),
    evidence: evidence.slice(0, evidenceAtMost),
  };
}
