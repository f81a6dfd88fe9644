import type { AllowedAttempt, EgressActor } from "../../harness/egress.ts";
import type { CheckContext, Completion, History, Millis, Pair } from "../../harness/types.ts";
import type { Outage } from "../outage.ts";
import { stepsOf } from "../stages.ts";
import { type EgressEnd, type EgressSeen, type EgressWatch, egressAttempts } from "../vocabulary.ts";
import { isBy } from "./heard.ts";
import { atlasOf, type Served } from "./served.ts";

/** All attempts of one actor at one thing in one region from one line of code. */
export interface DependencyRow {
  readonly by: string;
  /** Parts of it that did so, for example pods. */
  readonly within: readonly string[];
  /** `ssm:GetParameter`, or a host and port. */
  readonly what: string;
  readonly region: string;
  readonly isLost: boolean;
  readonly how: Served["how"];
  readonly because: string;
  readonly source?: string;
  /** `file:line`; nothing when no frame of the program's own could be seen. */
  readonly at?: string;
  readonly through: readonly string[];
  readonly via: readonly EgressSeen["via"][];
  readonly first: Millis;
  readonly last: Millis;
  readonly count: number;
  readonly unanswered: number;
  /** Of the longest. */
  readonly tookMs: Millis;
  /** Steps of the failover that were under way while one of them had no good answer: they had to wait for it, or failed by it. */
  readonly heldUp: readonly string[];
  /** Why it is expected. */
  readonly allowed?: string;
  readonly evidence: readonly number[];
}

/** Attempts that began after the fault and before the heal, at the lost region or at a third one, in rows; the worst first. */
export function rowsOf(
  history: History,
  watch: EgressWatch,
  outage: Outage,
  { regions }: CheckContext,
): DependencyRow[] {
  const servedBy = atlasOf(watch);
  const steps = stepsOf(history, outage);
  const groups = new Map<string, Group>();
  for (const pair of egressAttempts(history)) {
    const seen = pair.invocation.value;
    const began = pair.invocation.time;
    if (seen === undefined || began < outage.from.high || began >= outage.until) continue;
    const actor = watch.actors.find((one) => isBy(one, seen.by)) ?? { by: seen.by };
    // What runs in the lost region is lost with it.
    if (actor.region === regions.lost) continue;
    for (const served of servedBy(seen)) {
      if (served.region === regions.survivor) continue;
      const allowed = watch.allowed.find((one) => isAllowed(one, actor, seen, served.region === regions.lost));
      const key = [actor.by, whatOf(seen), served.region, seen.at, allowed?.because].join("\n");
      const group = groups.get(key) ?? { actor, served, allowed, pairs: [] };
      groups.set(key, group);
      group.pairs.push(pair);
    }
  }
  return [...groups.values()].map((group) => rowOf(group, steps, regions.lost)).sort(byWeight);
}

interface Group {
  readonly actor: EgressActor;
  readonly served: Served;
  readonly allowed: AllowedAttempt | undefined;
  readonly pairs: Pair<EgressSeen, EgressEnd>[];
}

function isAllowed(
  { by, from, service, operation, served }: AllowedAttempt,
  actor: EgressActor,
  seen: EgressSeen,
  isLost: boolean,
): boolean {
  const frames = [seen.at ?? "", ...(seen.through ?? [])];
  return (
    (isBy({ by }, seen.by) || by === actor.by) &&
    (from === undefined || frames.some((frame) => frame.startsWith(from))) &&
    (service === undefined || service === seen.service) &&
    (operation === undefined || operation === seen.operation) &&
    (served === undefined || (served === "lost") === isLost)
  );
}

const whatOf = ({ service, operation, host = "an unknown place", port }: EgressSeen): string =>
  service === undefined
    ? `${host}${port === undefined ? "" : `:${port}`}`
    : `${service}${operation === undefined ? "" : `:${operation}`}`;

/** The same act is seen by several recorders: a call as a request, a connection and a look-up. The uppermost that saw it counts. */
const layers: readonly EgressSeen["via"][] = [
  "sdk",
  "proxy",
  "http",
  "socket",
  "dns",
  "dns-log",
  "resolver-log",
  "cloudtrail",
];

function rowOf(
  { actor, served, allowed, pairs }: Group,
  steps: ReturnType<typeof stepsOf>,
  lost: string,
): DependencyRow {
  const [first] = pairs;
  const seen = first?.invocation.value;
  if (first === undefined || seen === undefined) throw new Error("a row of no attempts");
  const vias = new Set(pairs.map(({ invocation }) => invocation.value?.via));
  const via = layers.filter((one) => vias.has(one));
  const counted = pairs.filter(({ invocation }) => invocation.value?.via === via[0]);
  const many = (some: typeof pairs): number =>
    some.reduce((sum, { invocation }) => sum + (invocation.value?.count ?? 1), 0);
  const bad = pairs.filter(({ completion }) => !isWell(completion));
  const held = actor.isHarness
    ? []
    : steps.filter(({ began, ended = Number.POSITIVE_INFINITY }) => bad.some((pair) => overlaps(pair, began, ended)));
  const within = new Set(pairs.flatMap(({ invocation }) => invocation.value?.within ?? []));
  return {
    by: actor.by,
    within: [...within],
    what: whatOf(seen),
    ...served,
    isLost: served.region === lost,
    ...(seen.at === undefined ? {} : { at: seen.at }),
    through: seen.through ?? [],
    via,
    first: Math.min(...pairs.map(({ invocation }) => invocation.time)),
    last: Math.max(...pairs.map(({ invocation }) => invocation.time)),
    count: many(counted),
    unanswered: many(counted.filter(({ completion }) => !isWell(completion))),
    tookMs: Math.max(...pairs.map(({ completion }) => completion?.value?.tookMs ?? 0)),
    heldUp: [...new Set(held.flatMap(({ step }) => step ?? []))],
    ...(allowed === undefined ? {} : { allowed: allowed.because }),
    evidence: [...bad, ...pairs]
      .flatMap(({ invocation, completion }) => [invocation.index, completion?.index ?? []])
      .flat(),
  };
}

/** An answer that says no is one; an answer that says that the server is in trouble is as good as none. */
const isWell = (completion: Completion<EgressEnd> | undefined): boolean =>
  completion?.type === "ok" && (completion.value?.status ?? 200) < 500;

const overlaps = ({ invocation, completion }: Pair, began: Millis, ended: Millis): boolean =>
  invocation.time < ended && (completion?.time ?? Number.POSITIVE_INFINITY) > began;

const weightOf = ({ isLost, allowed, heldUp }: DependencyRow): number =>
  (allowed === undefined ? 4 : 0) + (isLost ? 2 : 0) + (heldUp.length > 0 ? 1 : 0);
const byWeight = (a: DependencyRow, b: DependencyRow): number => weightOf(b) - weightOf(a) || a.first - b.first;
