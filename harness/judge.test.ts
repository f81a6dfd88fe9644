import { expect, test } from "vitest";
import { checkers } from "../checkers/index.ts";
import {
  beating,
  bothSampled,
  clockWatched,
  day,
  look,
  lostAt10s,
  marker,
  readBack,
  start,
  task,
  tasksRead,
} from "../checkers/literal-day.ts";
import { listed, logsRead, put } from "../checkers/literal-deposits.ts";
import { BrokenHistory } from "../history/broken.ts";
import { did, fail, literal, ok } from "../history/literal.ts";
import { judge } from "./judge.ts";
import type { Checker, Verdict } from "./types.ts";

const saying = (kind: Verdict["kind"], outcome: Verdict["outcome"], because: string = outcome): Checker => ({
  name: because,
  kind,
  check: () => ({ checker: because, kind, outcome, because, evidence: [] }),
});
const crashing: Checker = {
  name: "broken",
  kind: "objective",
  check: () => {
    throw new Error("no such row");
  },
};
const of = (...asked: Checker[]) => judge(literal(start), asked);

test.each([
  ["all pass", [saying("validity", "pass"), saying("objective", "pass")], "pass", 0],
  [
    "an objective is missed, however much is unknown",
    [saying("objective", "unknown"), saying("objective", "fail")],
    "fail",
    1,
  ],
  ["an objective is unknown", [saying("objective", "pass"), saying("objective", "unknown")], "inconclusive", 3],
  [
    "the run is not valid, whatever the objectives",
    [saying("validity", "fail"), saying("objective", "fail")],
    "invalid",
    3,
  ],
  ["its validity is unknown", [saying("validity", "unknown"), saying("objective", "pass")], "invalid", 3],
  [
    "an invariant is broken, whatever the objectives",
    [saying("objective", "pass"), saying("invariant", "fail")],
    "fail",
    1,
  ],
  ["an invariant is unknown", [saying("objective", "pass"), saying("invariant", "unknown")], "inconclusive", 3],
  ["advice never decides", [saying("advice", "fail"), saying("objective", "pass")], "pass", 0],
  ["nothing was asked", [], "inconclusive", 3],
] as const)("%s", (_, asked, outcome, exitCode) => {
  expect(of(...asked)).toMatchObject({ outcome, exitCode });
});

test("a checker that crashes knows nothing", () => {
  expect(of(crashing, saying("objective", "pass", "no task lost"))).toMatchObject({
    outcome: "inconclusive",
    because: "the checker broken crashed: no such row; no task lost",
  });
});

test("a history of which a line cannot be read gives no verdict at all", () => {
  const check = (): never => {
    throw new BrokenHistory("history.ndjson", 6, "not JSON");
  };
  expect(() => of({ name: "reads line 7", kind: "objective", check })).toThrow("history.ndjson, line 7: not JSON");
});

test("the sentence begins with what decided", () => {
  expect(of(saying("objective", "pass", "no task lost"), saying("objective", "fail", "too slow")).because).toBe(
    "too slow; no task lost",
  );
  expect(of(saying("validity", "fail", "the fault did not land"), saying("objective", "pass")).because).toBe(
    "the run proves nothing: the fault did not land",
  );
  expect(judge(literal(start, lostAt10s()), [saying("objective", "fail", "too slow")]).because).toBe(
    "lost was lost; too slow",
  );
});

test("a history that does not say what was played proves nothing", () => {
  expect(judge(literal(), checkers)).toMatchObject({ outcome: "invalid", exitCode: 3, verdicts: [] });
  const damaged = literal(did("run/play start", [0, 0], { ...day, timeScale: "30" }));
  expect(judge(damaged, checkers).because).toContain("line 1, timeScale");
});

const witnessed = [
  did("failover/x detect", [10_300, 11_000]),
  did("failover/x decide", [11_000, 11_500]),
  ...(["compute", "writer", "pods", "dns"] as const).flatMap((stage) => [
    look(stage, 12_000, false),
    look(stage, 14_000, true),
  ]),
  did("probe/reachability sample", [10_500, 10_510], { region: "lost" }, ok({ answered: false })),
  did("probe/replication sample", [9_500, 9_510], { region: "survivor" }, ok({ lagMs: 20 })),
  did("load/engine health", [40_000, 40_000], {}, ok({ exitCode: 0, droppedIterations: 0, thresholdsFailed: [] })),
];
const written = day.deployments.flatMap((name) => [
  marker("lost", 1, 9_000, ok({ epoch: 1 }), name),
  marker("survivor", 1, 9_000, fail("57P03", { answered: true }), name),
]);
const kept = day.deployments.map((name) => [name, 1, "lost", 1] as const);
const worked = [task("start", "a", 5_000), ...tasksRead(25_000, [{ id: "a", try: 1, state: "running" }])];
const stored = (["objects", "images"] as const).flatMap((goods) => [
  put(goods, "lost", "1", 8_000),
  listed(goods, "survivor", 20_000, ["1"]),
]);
const agreeing = [
  logsRead(20_000, []),
  did(
    "probe/images named",
    [20_000, 20_050],
    { region: "survivor" },
    ok({ images: [["registry.survivor/app@sha256:0", 2, true]] }),
  ),
];
const standingBy = Array.from({ length: 4 }, (_, n) =>
  did(
    "probe/standby look",
    [2_000 + n * 2_000, 2_020 + n * 2_000],
    { region: "survivor", expected: ["reconciler"] },
    ok({ serving: "lost", runs: [["reconciler", 1, 1]], strays: [] }),
  ),
);
const unprotected = Array.from({ length: 25 }, (_, n) =>
  did(
    "probe/protection sample",
    [10_500 + n * 1_000, 10_520 + n * 1_000],
    {},
    ok({
      witness: {
        region: "survivor",
        members: [
          { region: "survivor", writer: true, state: null },
          { region: "lost", writer: false, state: n < 22 ? "pending-resync" : "connected" },
        ],
      },
      troubles: [],
    }),
  ),
);
const recorded = [
  did("probe/egress watch", [0, 1], { actors: [{ by: "platform" }], ranges: [], names: [], allowed: [] }),
  ...Array.from({ length: 16 }, (_, n) =>
    did("probe/egress beat", [n * 2_000, n * 2_000], { by: "platform", pid: 1 }, ok({ seen: n, dropped: 0 })),
  ),
];
/** The scheduler of each deployment beats where it works, and nobody beats in the region that was left. */
const scheduled = (["lost", "survivor"] as const).flatMap((region) =>
  [0, 1, 2].map((n) => {
    const atMs = (region === "lost" ? 6_000 : 20_000) + 1_000 * n;
    const jobs = day.deployments.map((name) => [name, region, `${region}-pod`, `${region}-${name}`, `beat ${n}`]);
    return did("probe/schedulers look", [atMs, atMs + 20], { region }, ok({ jobs, without: [] }));
  }),
);
const leftAlone = did("probe/schedulers look", [30_500, 30_520], { region: "lost" }, ok({ jobs: [], without: [] }));
const recovered = [bothSampled("++++++++++-----+++++++++++++++"), beating("++++++++++----++++++++++++++++")].flat();

test("a whole literal day passes every checker, from its history alone", () => {
  const judgement = judge(
    literal(
      ...[start, lostAt10s(), recovered, witnessed, written, readBack(20_000, kept), worked],
      ...[stored, agreeing, standingBy, unprotected, recorded, scheduled, leftAlone, clockWatched()],
    ),
    checkers,
  );
  expect(judgement.verdicts.filter(({ outcome }) => outcome !== "pass")).toEqual([]);
  expect(judgement).toMatchObject({
    outcome: "pass",
    because:
      "lost was lost; all 2 deployments were back after 50.1 s (projected); no acknowledged write lost, at a resolution of 1.2 s; no task lost; 5 more met",
  });
});

test("a failover that never ends fails, although much else is then unknown", () => {
  const stuck = [bothSampled("++++++++++--------------------"), beating("++++++++++--------------------")].flat();
  const judgement = judge(
    literal(start, lostAt10s(), stuck, witnessed, written, task("start", "a", 5_000), clockWatched()),
    checkers,
  );
  expect(judgement).toMatchObject({
    outcome: "fail",
    exitCode: 1,
    because: expect.stringContaining("had not recovered"),
  });
});

test("a fault that hits nothing makes the run invalid, and no objective speaks", () => {
  const missed = [
    did("fault/lose-region inject", [10_000, 10_100], {}),
    did("fault/lose-region confirm", [10_100, 15_000], {}, fail("did not land")),
  ];
  const well = [bothSampled("++++++++++++++++++++"), beating("++++++++++++++++++++")].flat();
  const judgement = judge(literal(start, missed, well, witnessed, written, worked, clockWatched()), checkers);
  expect(judgement).toMatchObject({
    outcome: "invalid",
    because: "the run proves nothing: the fault did not land: did not land",
  });
  const objectives = judgement.verdicts.filter(({ kind }) => kind === "objective");
  expect(new Set(objectives.map(({ outcome }) => outcome))).toEqual(new Set(["unknown"]));
});
