import type { CheckContext, Millis } from "../harness/types.ts";
import { type Did, did, fail, info, ok } from "../history/literal.ts";
import type { TaskEvent } from "./vocabulary.ts";

/** For tests: a small day with two deployments, probed every second, at a tenth of real time. */
export const day: CheckContext = {
  timeScale: 10,
  regions: { lost: "lost", survivor: "survivor" },
  deployments: ["dep-01", "dep-02"],
  objectives: {
    rtoWithinMs: 100_000,
    rpoDatabaseWithinMs: 20_000,
    tasksLostAtMost: 0,
    tasksRunTwiceAtMost: 0,
    tasksAliveAtLeast: 4,
  },
  timing: {
    steadyMs: 4_000,
    recoveryDeadlineMs: 60_000,
    stableMs: 3_000,
    settleMs: 1_000,
    probeEveryMs: 1_000,
    probeWithinMs: 800,
    downAfter: 2,
    upAfter: 3,
    upSpanMs: 2_000,
  },
};

export const start = did("run/play start", [0, 0], {
  schema: 2,
  seed: "s",
  scenario: { name: "literal" },
  tier: "lab",
  ...day,
});

/**
 * One sample a second from `fromMs` on, shallow and deep or only one of them: `+` up, `-` down after 800 ms, `?` without a certain end,
 * `l` up but late, `.` never taken.
 */
export function sampled(
  deployment: string,
  signs: string,
  { fromMs = 0, kind }: { fromMs?: Millis; kind?: "shallow" | "deep" } = {},
): Did[] {
  return (kind === undefined ? (["shallow", "deep"] as const) : [kind]).flatMap((each) =>
    [...signs].flatMap((sign, n) => {
      const due = fromMs + n * 1_000;
      const wanted = { deployment, kind: each, client: "fresh", due };
      if (sign === "+")
        return [did("probe/availability sample", [due, due + 10], wanted, ok({ region: "lost", ms: 10 }))];
      if (sign === "-")
        return [did("probe/availability sample", [due, due + 800], wanted, fail("TIMEOUT", { ms: 800 }))];
      if (sign === "?") return [did("probe/availability sample", [due, due + 800], wanted, info("who knows"))];
      if (sign === "l") return [did("probe/availability sample", [due + 900, due + 910], wanted, ok({ ms: 10 }))];
      return [];
    }),
  );
}

/** Both deployments of the day alike. */
export const bothSampled = (signs: string): Did[] => day.deployments.flatMap((name) => sampled(name, signs));

/** The region is lost at 10 s, confirmed at 10.2 s, healed at `healMs`. */
export const lostAt10s = (healMs: Millis = 30_000): Did[] => [
  did("fault/lose-region inject", [10_000, 10_100], { region: "lost" }, ok({ experimentId: "EXP1" })),
  did("fault/lose-region confirm", [10_100, 10_200], { region: "lost" }, ok({ how: "silence" })),
  did("run/play phase", [10_300, healMs - 1], { phase: "recovery" }),
  did("fault/lose-region heal", [healMs, healMs + 100], { region: "lost" }),
];

export const look = (
  stage: "compute" | "writer" | "pods" | "dns",
  atMs: Millis,
  done: boolean,
  state = String(done),
): Did => did("probe/witness look", [atMs, atMs + 5], { stage }, ok({ done, state }));

/** The wall clock was compared with the run's own, once a second for a minute. */
export const clockWatched = ({ driftMs = 0 }: { driftMs?: Millis } = {}): Did =>
  did("run/clock watch", [10, 60_000], { toleranceMs: 50 }, ok({ checks: 60, driftMs }));

/** One tally a second: all tasks alive (`+`) or none (`-`). */
export const beating = (signs: string, alive = 4): Did[] =>
  [...signs].map((sign, second) => {
    const good = sign === "+";
    const late = { lateP50Ms: 1, lateP99Ms: 5, lateMaxMs: 9 };
    return did(
      "load/heartbeats tally",
      [second * 1_000, (second + 1) * 1_000],
      { second },
      ok({
        alive: good ? alive : 0,
        due: 100,
        sent: 100,
        ok: good ? 100 : 0,
        failed: good ? 0 : 100,
        missed: 0,
        ...late,
      }),
    );
  });

export const marker = (region: string, seq: number, atMs: Millis, end = ok({}), deployment = "dep-01"): Did =>
  did("probe/ledger append", [atMs, atMs + 5], { region, deployment, seq }, end);

export const readBack = (atMs: Millis, rows: readonly (readonly [string, number, string, number])[]): Did =>
  did("probe/ledger read", [atMs, atMs + 50], { region: "survivor" }, ok({ rows }));

export const task = (event: TaskEvent["event"], id: string, atMs: Millis, worker = "w1", attempt = 1): Did =>
  did(
    "load/tasks task",
    [atMs - 5, atMs],
    { event, worker, deployment: "dep-01", id, try: attempt },
    event === "lost-ack" ? info("no answer") : event === "refused" ? fail("409") : ok(),
  );

export const tasksRead = (
  atMs: Millis,
  tasks: readonly { id: string; try: number; state: string }[],
  outputs: readonly { id: string; try: number; worker: string }[] = [],
): Did[] =>
  day.deployments.map((deployment) =>
    did(
      "probe/tasks read",
      [atMs, atMs + 50],
      { deployment },
      ok(deployment === "dep-01" ? { tasks, outputs } : { tasks: [], outputs: [] }),
    ),
  );
