import type { CheckContext, Drill, History, Millis } from "../harness/types.ts";
import { CLOCK_TOLERANCE_MS } from "./task-fates.ts";
import { pairsOf, phases, schedulerLooks, taskEvents } from "./vocabulary.ts";

/** A region did something for a deployment, at some time in [low, high]. */
export interface RegionAct {
  readonly deployment: string;
  readonly region: string;
  readonly low: Millis;
  readonly high: Millis;
  /** `started task 7`, `its scheduler 127.10.16.1 beat`. */
  readonly what: string;
  /** The op that shows it. */
  readonly index: number;
}

/** The time in which one region acts for a deployment. */
export interface Turn {
  readonly region: string;
  /** From here on no other may: this region was certainly at work. */
  readonly since: Millis;
  readonly index: number;
}

export interface DeploymentTurns {
  readonly deployment: string;
  readonly turns: readonly Turn[];
  /** What a region did although another one had its turn. */
  readonly strays: readonly (RegionAct & { readonly turn: Turn })[];
}

/**
 * Which region acted for each deployment, in order. A region takes its turn with its first act; one that had its turn before may have another
 * only after a drill to it began. Anything else is a stray, unless it may have happened before the turn of the other began.
 */
export function turnsOf(history: History, { deployments }: Pick<CheckContext, "deployments">): DeploymentTurns[] {
  const drills = pairsOf<Drill>(history, "run/play", "drill").flatMap(({ invocation: { time, value } }) =>
    value === undefined ? [] : [{ to: value.to, time }],
  );
  const firsts = firstActs(history, drills);
  const all = new Map(
    deployments.map((deployment) => [
      deployment,
      {
        deployment,
        turns: turnsIn(firsts.get(deployment) ?? [], drills),
        strays: [] as DeploymentTurns["strays"][number][],
      },
    ]),
  );
  for (const act of actsIn(history, strayableFrom(firsts))) {
    const { turns = [], strays } = all.get(act.deployment) ?? {};
    const turn = turns.findLast(({ since }) => since < act.low);
    if (turn === undefined || turn.region === act.region) continue;
    // Its own turn begins with this act.
    if (turns.some(({ region, since }) => region === act.region && since >= act.low && since <= act.high)) continue;
    strays?.push({ ...act, turn });
  }
  return [...all.values()];
}

/** Between two drills' beginnings. */
interface Stretch {
  /** By region, the act that was over first in this stretch, and when one may have been under way at the earliest. */
  readonly first: Map<string, { readonly high: Millis; readonly index: number; readonly low: Millis }>;
}

type Drills = readonly { readonly to: string; readonly time: Millis }[];

function firstActs(history: History, drills: Drills): Map<string, Stretch[]> {
  const found = new Map<string, Stretch[]>();
  for (const { deployment, region, low, high, index } of actsIn(history)) {
    const stretches = found.get(deployment) ?? Array.from({ length: drills.length + 1 }, () => ({ first: new Map() }));
    found.set(deployment, stretches);
    const at = drills.findLastIndex(({ time }) => time <= high) + 1;
    const first = stretches[at]?.first;
    const known = first?.get(region) ?? { high: Number.POSITIVE_INFINITY, index, low };
    if (high < known.high) first?.set(region, { high, index, low: Math.min(low, known.low) });
    else if (low < known.low) first?.set(region, { ...known, low });
  }
  return found;
}

function turnsIn(stretches: readonly Stretch[], drills: Drills): Turn[] {
  const turns: Turn[] = [];
  for (const [n, { first }] of stretches.entries()) {
    const asked = drills[n - 1]?.to;
    for (const [region, { high: since, index }] of [...first].sort(([, a], [, b]) => a.high - b.high)) {
      if (turns.at(-1)?.region === region) continue;
      const isNew = !turns.some((turn) => turn.region === region);
      if (isNew || region === asked) turns.push({ region, since, index });
    }
  }
  return turns;
}

/** No act that began before this can be a stray: until then one region alone had acted for each deployment. */
function strayableFrom(firsts: ReadonlyMap<string, readonly Stretch[]>): Millis {
  const others = [...firsts.values()].flatMap((stretches) => {
    const acted = stretches.flatMap(({ first }) => [...first]).map(([region, { low }]) => ({ region, low }));
    const [earliest] = acted.toSorted((a, b) => a.low - b.low);
    return acted.filter(({ region }) => region !== earliest?.region).map(({ low }) => low);
  });
  return others.reduce((least, low) => Math.min(least, low), Number.POSITIVE_INFINITY);
}

/** What regions did for deployments since the load stood and from some time on; what was done before the load stood is preparation. */
function* actsIn(history: History, from: Millis = 0): Iterable<RegionAct> {
  const begun = phases(history).find(({ invocation: { value } }) => value?.phase === "load")?.completion?.time ?? 0;
  const since = Math.max(begun, from);
  for (const act of taskActs(history, since)) if (act.low >= since) yield act;
  for (const act of schedulerActs(history)) if (act.low >= since) yield act;
}

/** Starts and ends of tasks that a region acknowledged. */
function* taskActs(history: History, from: Millis): Iterable<RegionAct> {
  for (const { invocation, completion } of taskEvents(history, { from, until: Number.POSITIVE_INFINITY })) {
    const { time, value } = invocation;
    const region = completion?.value?.region;
    if (value === undefined || completion?.type !== "ok" || region === undefined) continue;
    if (value.event !== "start" && value.event !== "finish") continue;
    yield {
      deployment: value.deployment,
      region,
      low: time - CLOCK_TOLERANCE_MS,
      high: completion.time + CLOCK_TOLERANCE_MS,
      what: `${value.event === "start" ? "started" : "ended"} task ${value.id}`,
      index: completion.index,
    };
  }
}

/**
 * A scheduler whose heartbeat is another one than at the look before has beaten in between. Both looks are at the same database, and its
 * times are compared with nothing: they only have to differ.
 */
function* schedulerActs(history: History): Iterable<RegionAct> {
  const known = new Map<string, { readonly beat: string; readonly at: Millis }>();
  for (const { invocation, completion } of schedulerLooks(history)) {
    if (completion?.type !== "ok") continue;
    for (const [deployment, region, host, job, beat] of completion.value?.jobs ?? []) {
      const key = `${invocation.value?.region} ${deployment} ${job}`;
      const before = known.get(key);
      known.set(key, { beat, at: invocation.time });
      if (before === undefined || before.beat === beat || region === null) continue;
      const { time: high, index } = completion;
      yield { deployment, region, low: before.at, high, what: `its scheduler ${host} beat`, index };
    }
  }
}
