import { seededRandom } from "../../harness/random.ts";
import type { Millis, Random } from "../../harness/types.ts";
import type { HistoryInMemory } from "../../history/history-of.ts";
import { type Did, did, type Ending, fail, info, ok } from "../../history/literal.ts";
import { attempts } from "./attempts.ts";
import { schedulers } from "./schedulers.ts";
import { historyInOrder } from "./script.ts";
import { between, deploymentNames, objectives, regions, timeScale, timing } from "./times.ts";

const { lost: home, survivor: away } = regions;

/** When what happens on the way there and back, in ms since the run began. */
const at = {
  steady: 9_000,
  fault: 19_000,
  confirmed: 19_600,
  asked: 22_400,
  served: 41_200,
  stock: 52_000,
  life: 53_000,
  heal: 63_000,
  rebuild: 65_000,
  again: 84_000,
  askedBack: 84_200,
  down: 91_000,
  servedBack: 96_400,
  stockBack: 107_000,
  settle: 108_000,
  end: 114_000,
} as const;

/** Two changes of region in one run; what the failback leaves no write behind in. */
const drills = [
  { name: "failover", from: home, to: away },
  { name: "failback", from: away, to: home, objectives: { writesLostAtMost: 0 } },
] as const;

const phases: readonly (readonly [phase: string, from: Millis, to: Millis, drill?: string])[] = [
  ["load", 100, at.steady],
  ["steady", at.steady, at.fault - 10],
  ["fault", at.fault - 5, at.confirmed + 5],
  ["failover", at.confirmed + 20, at.served + 200, "failover"],
  ["recovery", at.served + 210, at.stock - 5, "failover"],
  ["stock", at.stock, at.life - 20, "failover"],
  ["life", at.life, at.heal - 10],
  ["heal", at.heal - 5, at.rebuild - 5],
  ["protection", at.rebuild, at.again - 10],
  ["failback", at.again + 10, at.servedBack + 200, "failback"],
  ["recovery", at.servedBack + 210, at.stockBack - 5, "failback"],
  ["stock", at.stockBack, at.settle - 20, "failback"],
  ["settle", at.settle, at.end],
];

/** A made-up run there and back again: a region is lost, returns, is rebuilt, and takes over again without a lost write. */
export function roundTripHistory(howMany = 6, seed = "91bd07e2"): HistoryInMemory {
  const random = seededRandom(seed);
  const names = deploymentNames(howMany);
  return historyInOrder([
    ...play(names, seed),
    ...asked(at.asked, at.served, [10_300, 3_200, 4_000, 1_000]),
    ...asked(at.askedBack, at.servedBack, [6_500, 2_000, 2_600, 900]),
    ...every(250, (time) => looks(time, howMany)),
    ...names.flatMap((name, n) => [...samples(name, n, random), ...markers(name)]),
    ...reads(names),
    ...every(1_000, (time) => seconds(time, random)),
    ...schedulers(names, { until: at.end, servingAt, isDark: (region, time) => region === home && isDark(time) }),
    ...goods("objects", 500),
    ...goods("images", 2_500),
    ...attempts({ from: at.fault, until: at.heal, end: at.end, recordAt: at.served - 900 }),
  ]);
}

const scenario = {
  name: "round-trip",
  title: "There and back again",
  promise:
    "A lost region costs at most an hour and five minutes of metadata; when it returns, the platform is protected again without help, and moves back without the loss of a single write.",
} as const;

function play(deployments: readonly string[], seed: string): Did[] {
  const fidelity = { real: ["PostgreSQL 18 with physical replication"], modelled: ["delays, divided by 30"] };
  const wanted = { ...objectives, tasksAliveAtLeast: 40, unprotectedWithinMs: 7_200_000 };
  const header = {
    schema: 2,
    seed,
    scenario,
    tier: "lab",
    timeScale,
    regions,
    deployments,
    objectives: wanted,
    drills,
  };
  const planned = phases.map(([phase, , , drill]) => ({ phase, ...(drill === undefined ? {} : { drill }) }));
  const fault = { region: home, action: "blackout" };
  return [
    did("run/play start", [0, 1], { ...header, phases: planned, timing, fidelity }),
    did("run/clock watch", [1, at.end - 10], { toleranceMs: 50 }, ok({ checks: 113, driftMs: 0 })),
    ...phases.map(([phase, from, to, drill]) => did("run/play phase", [from, to], { phase, drill })),
    did("run/play drill", [at.confirmed + 10, at.life - 10], drills[0], ok({})),
    did("run/play drill", [at.again, at.settle - 10], drills[1], ok({})),
    did("fault/lose-region inject", [at.fault, at.fault + 200], fault, ok({ experimentId: "EXP1" })),
    did("fault/lose-region confirm", [at.fault + 210, at.confirmed], fault, ok({ how: `${home} did not answer` })),
    did("fault/lose-region heal", [at.heal, at.rebuild - 10], fault, ok({ experimentId: "EXP1" })),
    did("failover/control-plane detect", [at.confirmed + 30, at.asked - 1_000], {}, ok({ state: "unreachable" })),
    did("failover/control-plane decide", [at.asked - 1_000, at.asked - 10], { modelledMs: 30_000 }),
    did("load/engine start", [500, 8_000], { engine: "k6", version: "2.3.0", tasks: 40 }, ok({})),
    did("load/engine health", [at.end - 100, at.end - 50], {}, ok({ exitCode: 0, droppedIterations: 0 })),
  ];
}

/** A request and the four steps of it, which begin when it is taken. */
function asked(from: Millis, to: Millis, took: readonly Millis[]): Did[] {
  const [phase, isFailedOver] = from === at.asked ? ["failover", true] : ["failback", false];
  let began = from + 40;
  const steps = ["database-compute", "database-failover", "manifests", "dns"].map((step, n) => {
    const ended = began + (took[n] ?? 0);
    const one = did("failover/control-plane step", [began, ended], { step }, ok({ detail: `${step} is done` }));
    began = ended;
    return one;
  });
  return [
    did(
      "failover/control-plane request",
      [from, from + 30],
      { phase, is_failed_over: isFailedOver },
      ok({ operation: phase }),
    ),
    ...steps,
    did("failover/control-plane follow", [from + 31, to + 150], { operation: phase }, ok({ state: "done" })),
  ];
}

const every = (stepMs: Millis, of: (time: Millis) => readonly Did[]): Did[] =>
  Array.from({ length: Math.floor((at.end - 1_500) / stepMs) }, (_, n) => of(500 + n * stepMs)).flat();

/** Which region serves; nobody does while it changes. */
const servingAt = (time: Millis): string | undefined =>
  time < at.fault + 100
    ? home
    : time < at.served
      ? undefined
      : time < at.down
        ? away
        : time < at.servedBack
          ? undefined
          : home;

const isDark = (time: Millis): boolean => time > at.fault + 100 && time < at.heal + 300;

/** What witnesses saw of each region: what is moved to it is done there a little before it serves. */
function looks(time: Millis, deployments: number): Did[] {
  const look = (region: string, stage: string, done: boolean, state: string): Did =>
    did("probe/witness look", [time, time + 8], { stage, region }, ok({ done, state }));
  return [away, home].flatMap((region) => {
    if (region === home && isDark(time)) return [];
    const serves = region === away ? time < at.down && time > at.served : time > at.servedBack;
    const [begun, before] = region === away ? [at.asked, at.served] : [at.askedBack, at.servedBack];
    const isDone = (leadMs: Millis): boolean =>
      serves || (time >= before - leadMs && time < before + 1) || (region === home && time < at.fault);
    return [
      look(region, "compute", isDone(8_200), isDone(8_200) ? "available" : time > begun ? "creating" : "headless"),
      look(region, "writer", isDone(5_400), isDone(5_400) ? "writer" : "standby"),
      look(region, "pods", isDone(1_200), `${isDone(1_200) ? deployments : 0} of ${deployments} ready`),
      look(region, "dns", isDone(200), isDone(200) ? region : "elsewhere"),
    ];
  });
}

function samples(deployment: string, n: number, random: Random): Did[] {
  const slow = between(random, 0, 1_500);
  const of = (kind: "shallow" | "deep", client: "fresh" | "sticky", everyMs: Millis): Did[] => {
    const first = 300 + n * 120;
    return Array.from({ length: Math.floor((at.end - 1_500 - first) / everyMs) }, (_, k) => first + k * everyMs).map(
      (due) => {
        const region = servingAt(due) === servingAt(due - slow) ? servingAt(due) : undefined;
        const took = region === undefined ? timing.probeWithinMs : between(random, 3, 20);
        const end = region === undefined ? fail("TIMEOUT", { ms: took }) : ok({ region, ms: took });
        return did("probe/availability sample", [due + 2, due + 2 + took], { deployment, kind, client, due }, end);
      },
    );
  };
  return [...of("shallow", "fresh", 1_000), ...of("deep", "fresh", 2_000), ...of("shallow", "sticky", 4_000)];
}

/** One marker each half second where it can be written, and one where it is refused; the last before the fault had not crossed the link yet. */
const markers = (deployment: string): Did[] =>
  acked(500).flatMap(([time, region], seq) => {
    const append = (where: string, end: Ending): Did =>
      did("probe/ledger append", [time, time + 6], { region: where, deployment, seq }, end);
    const epoch = region === away ? 2 : time < at.askedBack ? 1 : 3;
    const refused = fail("57P03", { answered: !isDark(time) });
    return [append(region, ok({ epoch })), append(region === home ? away : home, refused)];
  });

/** Times at which something is written, with the region that takes it. */
const acked = (everyMs: Millis): (readonly [Millis, string])[] =>
  Array.from({ length: Math.floor((at.end - 3_000) / everyMs) }, (_, n) => 900 + n * everyMs).flatMap((time) => {
    const region = servingAt(time);
    return region === undefined ? [] : [[time, region] as const];
  });

/** Lost with the region: what it acknowledged in its last moments. */
const isLost = (time: Millis, behindMs: Millis): boolean => time < at.fault + 100 && time > at.fault - behindMs;

function reads(deployments: readonly string[]): Did[] {
  const rowsAt = (now: Millis) =>
    deployments.flatMap((name) =>
      acked(500).flatMap(([time, region], seq) =>
        time < now && !isLost(time, 200) ? [[name, seq, region, 1] as const] : [],
      ),
    );
  const read = (now: Millis, region: string): Did[] => [
    did("probe/ledger read", [now + 20, now + 300], { region }, ok({ rows: rowsAt(now) })),
    did("probe/tasks logs", [now + 30, now + 90], { region }, ok({ named: 120, absent: [] })),
    ...deployments.map((deployment) =>
      did("probe/tasks read", [now + 40, now + 80], { deployment }, ok({ tasks: [], outputs: [] })),
    ),
  ];
  return [...read(at.stock, away), ...read(at.stockBack, home)];
}

/** What is put beside the database: some of it comes only after the return, as nothing crosses from a lost region. */
function goods(kind: "objects" | "images", everyMs: Millis): Did[] {
  const all = acked(everyMs).map(([time, region], n) => ({ time, region, key: String(n).padStart(5, "0") }));
  const read = (now: Millis, region: string): Did => {
    const there = all.filter(({ time }) => time < now && !(now < at.heal && isLost(time, 3_000)));
    return did(
      `probe/${kind} read`,
      [now + 30, now + 200],
      { region },
      ok({ items: there.map(({ key }) => [key, `md5:${key}`]), partial: [] }),
    );
  };
  return [
    ...all.map(({ time, region, key }) =>
      did(`probe/${kind} put`, [time, time + 9], { region, key, digests: [`md5:${key}`] }, ok({})),
    ),
    read(at.stock, away),
    read(at.stockBack, home),
    read(at.end - 900, away),
    read(at.end - 900, home),
  ];
}

/** What is counted and asked once a second. */
function seconds(time: Millis, random: Random): Did[] {
  const isServed = servingAt(time) !== undefined && servingAt(time - 600) !== undefined;
  const answered = isServed ? 20 : 0;
  const beats = {
    alive: 40,
    due: 20,
    sent: 20,
    ok: answered,
    failed: 20 - answered,
    lateP50Ms: 1,
    lateP99Ms: 9,
    lateMaxMs: 20,
  };
  const users = { client: "fresh", sent: 20, ok: answered, failed: 20 - answered };
  const latency = isServed
    ? { msP50: between(random, 4, 8), msP95: 18, msP99: between(random, 28, 60) }
    : { msP50: 2_000, msP95: 2_000, msP99: 2_000 };
  const isSecondary = time < at.fault + 100;
  return [
    did("load/heartbeats tally", [time, time + 1_000], { second: time / 1_000 }, ok({ ...beats, ...latency })),
    did("load/users tally", [time, time + 1_000], { second: time / 1_000 }, ok({ ...users, ...latency })),
    did("probe/reachability sample", [time, time + 40], { region: home }, ok({ answered: !isDark(time) })),
    did(
      "probe/replication sample",
      [time + 10, time + 30],
      { region: away },
      isSecondary ? ok({ lagMs: between(random, 40, 90) }) : fail("no data"),
    ),
    protection(time),
  ];
}

/** The platform rebuilds the old region when it is back; RDS shows when its volume has caught up. */
function protection(time: Millis): Did {
  const [isBefore, isBack] = [time < at.fault + 100, time > at.again - 2_000];
  const claim =
    isBefore || isBack
      ? { state: "protected", because: "" }
      : time < at.heal
        ? { state: "unprotected", because: `${home} is lost` }
        : { state: "rebuilding", because: `${home} is rebuilt on a new volume` };
  const active = servingAt(time) ?? (time < at.served ? away : home);
  const state = isBefore || time > at.again - 4_000 ? "connected" : "pending-resync";
  const members = [
    { region: active, writer: true, state: null },
    { region: active === home ? away : home, writer: false, state },
  ];
  const witness = { region: active, members };
  const value = isDark(time) && time < at.asked ? undefined : ok({ active, claim, witness, troubles: [] });
  return did("probe/protection sample", [time + 40, time + 60], {}, value ?? info("no answer"));
}
