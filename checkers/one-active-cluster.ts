import type { CheckContext, Checker, History, Millis, Outcome, Verdict } from "../harness/types.ts";
import { countOf, duration, some } from "../harness/words.ts";
import { type DeploymentTurns, turnsOf } from "./region-acts.ts";
import { eachSucceeded, schedulerLooks, standbyLooks, type TasksRead, taskReads } from "./vocabulary.ts";

/** So long may a region that has to let go of its deployments, or that wakes up with them, still have their pods, in real-world time. */
const podsMayStayMs = 600_000;

/**
 * Never one deployment at work in two regions: what a region acknowledges of tasks, and its schedulers' heartbeats, must end where another
 * region's begin; no try of a task has the outputs of two workers; and pods do not stand side by side for longer than it takes to let go.
 */
export const oneActiveCluster: Checker = {
  name: "one-active-cluster",
  kind: "invariant",
  check(history, context) {
    const all = turnsOf(history, context);
    const findings = [...strayFindings(all), ...outputFindings(history), ...podFindings(history, context)];
    const unseen = all.filter(({ turns }) => turns.length === 0).map(({ deployment }) => deployment);
    const looks = looksOf(history, all, context);
    const [blind] = looks.filter(({ indices }) => indices.length === 0);
    const [outcome, because] = ((): readonly [Outcome, string] => {
      if (findings.length > 0) return ["fail", findings.map((one) => one.because).join("; ")];
      if (unseen.length > 0) return ["unknown", `nobody saw which region worked for ${some(unseen)}`];
      if (blind !== undefined) return ["unknown", `nobody could look into ${blind.region} ${blind.when}`];
      return ["pass", inWords(all, looks)];
    })();
    const count = findings.reduce((sum, one) => sum + one.deployments.length, 0);
    return {
      checker: "one-active-cluster",
      kind: "invariant",
      outcome,
      because,
      measured: { low: count, high: count, limit: 0, unit: "deployments in two regions" },
      evidence: [
        ...findings.flatMap(({ evidence }) => evidence),
        ...looks.flatMap(({ indices }) => indices.slice(-3)),
        ...all.slice(0, 5).flatMap(({ turns }) => turns.map(({ index }) => index)),
      ],
      details: { findings, turns: all.map(({ deployment, turns }) => ({ deployment, turns })) },
    } satisfies Verdict;
  },
};

interface Finding {
  readonly because: string;
  readonly deployments: readonly string[];
  readonly evidence: readonly number[];
}

const namesOf = (of: readonly { readonly deployment: string }[]): string[] => [
  ...new Set(of.map(({ deployment }) => deployment)),
];

/** One for each region that went on. */
function strayFindings(all: readonly DeploymentTurns[]): Finding[] {
  const by = Map.groupBy(
    all.flatMap(({ strays }) => strays),
    ({ region }) => region,
  );
  return [...by].flatMap(([region, strays]) => {
    const [first] = strays.toSorted((a, b) => a.high - b.high);
    if (first === undefined) return [];
    const deployments = namesOf(strays);
    const example = `${first.deployment}: ${first.what} ${duration(first.high - first.turn.since)} after`;
    return {
      because: `${region} worked for ${some(deployments)} after ${first.turn.region} had taken over (${example})`,
      deployments,
      evidence: [first.turn.index, ...strays.slice(0, 10).map(({ index }) => index)],
    };
  });
}

/** By the last reading of each deployment: a claim is for one worker only, so two of them were given the same try by two databases. */
function outputFindings(history: History): Finding[] {
  const last = new Map<string, { deployment: string; name: string; index: number }[]>();
  for (const { asked, seen, index } of eachSucceeded(taskReads(history)))
    last.set(
      asked.deployment,
      byTwoWorkers(seen.outputs).map((name) => ({ deployment: asked.deployment, name, index })),
    );
  const twice = [...last.values()].flat();
  if (twice.length === 0) return [];
  return [
    {
      because: `${countOf(twice.length, "try", "tries")} of a task put out by two workers (${some(twice.map(({ deployment, name }) => `${deployment}/${name}`))})`,
      deployments: namesOf(twice),
      evidence: twice.slice(0, 10).map(({ index }) => index),
    },
  ];
}

/** Names of the tries that more than one worker has an output of. */
function byTwoWorkers(outputs: TasksRead["outputs"]): string[] {
  const worker = new Map<string, string | null | undefined>();
  const twice = new Set<string>();
  for (const output of outputs) {
    const name = `${output.id} try ${output.try}`;
    if (!worker.has(name)) worker.set(name, output.worker);
    else if (worker.get(name) !== output.worker) twice.add(name);
  }
  return [...twice];
}

interface PodLook {
  readonly region: string;
  /** Undefined: the region did not answer. */
  readonly names: ReadonlySet<string> | undefined;
  readonly began: Millis;
  readonly index: number;
}

/** From the first look that found a deployment wanted in both regions to the last one in a row. A region that does not answer ends the row. */
function podFindings(history: History, { deployments, timeScale }: CheckContext): Finding[] {
  const looks = podLooks(history);
  const tooLong = deployments.flatMap((deployment) => {
    const latest = new Map<string, PodLook>();
    let from: PodLook | undefined;
    for (const look of looks) {
      latest.set(look.region, look);
      const isInTwo = [...latest.values()].filter(({ names }) => names?.has(deployment)).length > 1;
      from = isInTwo ? (from ?? look) : undefined;
      if (from !== undefined && look.began - from.began > podsMayStayMs / timeScale)
        return [{ deployment, from, to: look }];
    }
    return [];
  });
  const [first] = tooLong;
  if (first === undefined) return [];
  return [
    {
      because: `${some(namesOf(tooLong))} had pods in both regions for more than ${duration(first.to.began - first.from.began)}`,
      deployments: namesOf(tooLong),
      evidence: [first.from.index, first.to.index],
    },
  ];
}

const podLooks = (history: History): PodLook[] =>
  standbyLooks(history)
    .flatMap(({ invocation: { value, time: began }, completion }): PodLook[] => {
      if (value === undefined || completion === undefined) return [];
      const runs = completion.type === "ok" ? completion.value?.runs : undefined;
      const names = runs && new Set(runs.flatMap(([name, ready]) => (ready > 0 ? [name] : [])));
      return [{ region: value.region, names, began, index: completion.index }];
    })
    .sort((a, b) => a.began - b.began);

/** What was seen of a region that had to be at rest. */
interface Looks {
  readonly region: string;
  readonly when: string;
  readonly indices: readonly number[];
}

/** Into each region that was left, from then on; where none was, into the other one. */
function looksOf(history: History, all: readonly DeploymentTurns[], { regions }: CheckContext): Looks[] {
  const seen = [...answers(history), ...podLooks(history).filter(({ names }) => names !== undefined)];
  const into = (region: string, when: string, from: Millis, until = Number.POSITIVE_INFINITY): Looks => ({
    region,
    when,
    indices: seen
      .filter((look) => look.region === region && look.began > from && look.began < until)
      .map(({ index }) => index),
  });
  const [whole] = all.toSorted((a, b) => b.turns.length - a.turns.length);
  const turns = whole?.turns ?? [];
  if (turns.length === 1)
    return [regions.lost, regions.survivor]
      .filter((region) => region !== turns[0]?.region)
      .map((region) => into(region, "at all", 0));
  return turns.flatMap((turn, n) => {
    const next = turns[n + 1];
    const again = turns.find((other, m) => m > n && other.region === turn.region);
    return next === undefined
      ? []
      : [into(turn.region, `after ${next.region} had taken over`, next.since, again?.since)];
  });
}

/** A load balancer that says that there is nobody behind it has answered. */
function* answers(history: History) {
  for (const { invocation, completion } of schedulerLooks(history))
    if (completion?.type === "ok" && invocation.value !== undefined)
      yield { region: invocation.value.region, began: invocation.time, index: completion.index };
}

function inWords(all: readonly DeploymentTurns[], looks: readonly Looks[]): string {
  const count = looks.reduce((sum, { indices }) => sum + indices.length, 0);
  const where = some([...new Set(looks.map(({ region }) => region))]);
  return `${countOf(all.length, "deployment")} worked in one region at a time: ${countOf(count, "look")} into ${where} found nothing at work when another region was`;
}
