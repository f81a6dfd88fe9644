import { expect, test } from "vitest";
import { type Did, did, fail, literal, ok } from "../history/literal.ts";
import { day, lostAt10s, tasksRead } from "./literal-day.ts";
import { oneActiveCluster } from "./one-active-cluster.ts";

const context = { ...day, deployments: ["dep-01"] };
const check = (...listed: (Did | readonly Did[])[]) => oneActiveCluster.check(literal(...listed), context);

const task = (event: "start" | "finish", region: string, id: string, [began, ended]: [number, number]): Did =>
  did("load/tasks task", [began, ended], { event, worker: "w1", deployment: "dep-01", id, try: 1 }, ok({ region }));
const started = (region: string, id: string, atMs: number): Did => task("start", region, id, [atMs - 5, atMs]);
/** What the API server in a region told of schedulers: the region of each, its job and its last heartbeat. */
const jobs = (region: string, atMs: number, ...seen: (readonly [region: string, job: string, beat: string])[]): Did =>
  did(
    "probe/schedulers look",
    [atMs, atMs + 20],
    { region },
    ok({ jobs: seen.map(([of, job, beat]) => ["dep-01", of, `host-in-${of}`, job, beat]), without: [] }),
  );
const nobody = (region: string, atMs: number): Did =>
  did("probe/schedulers look", [atMs, atMs + 20], { region }, ok({ jobs: [], without: [["dep-01", "HTTP_503"]] }));
const silence = (region: string, atMs: number): Did =>
  did("probe/schedulers look", [atMs, atMs + 800], { region }, fail("TIMEOUT", { without: [["dep-01", "TIMEOUT"]] }));
const pods = (region: string, atMs: number, ...names: string[]): Did =>
  did(
    "probe/standby look",
    [atMs, atMs + 20],
    { region, expected: [] },
    ok({ serving: "lost", runs: names.map((name) => [name, 1, 1]), strays: [] }),
  );

const takenOver = [
  did("run/play phase", [100, 1_000], { phase: "load" }),
  started("lost", "a", 5_000),
  lostAt10s(),
  did("run/play drill", [10_300, 28_000], { name: "failover", from: "lost", to: "survivor" }),
  silence("lost", 15_000),
  started("survivor", "b", 20_000),
].flat();

test("passes where each deployment worked in one region at a time, and the one that was left was looked into", () => {
  expect(check(takenOver, nobody("lost", 31_000))).toMatchObject({
    kind: "invariant",
    outcome: "pass",
    because:
      "1 deployment worked in one region at a time: 1 look into lost found nothing at work when another region was",
  });
});

test("fails when a task is acknowledged by the region that was left", () => {
  expect(check(takenOver, nobody("lost", 31_000), started("lost", "c", 31_000))).toMatchObject({
    outcome: "fail",
    because: "lost worked for dep-01 after survivor had taken over (dep-01: started task c 11 s after)",
    measured: { low: 1, limit: 0 },
  });
  // It was under way when the other one took over, so nobody can tell the order.
  const underWay = task("finish", "lost", "a", [19_990, 20_300]);
  expect(check(takenOver, nobody("lost", 31_000), underWay).outcome).toBe("pass");
});

test("fails when a stale scheduler's heartbeat moves, in whichever database, and not when it only stands there", () => {
  const before = [jobs("survivor", 21_000, ["lost", "1", "09:59"]), jobs("survivor", 22_000, ["lost", "1", "09:59"])];
  expect(check(takenOver, before, nobody("lost", 31_000)).outcome).toBe("pass");
  expect(
    check(takenOver, before, nobody("lost", 31_000), jobs("survivor", 32_000, ["lost", "1", "10:31"])),
  ).toMatchObject({
    outcome: "fail",
    because:
      "lost worked for dep-01 after survivor had taken over (dep-01: its scheduler host-in-lost beat 12 s after)",
  });
  // The old region's own database may hold beats that were never replicated: only one after the return proves anything.
  const own = (atMs: number, beat: string) => jobs("lost", atMs, ["lost", "1", beat]);
  expect(check(takenOver, own(8_000, "09:58"), own(31_000, "09:59"), own(32_000, "09:59")).outcome).toBe("pass");
  expect(check(takenOver, own(8_000, "09:58"), own(31_000, "09:59"), own(32_000, "10:32")).outcome).toBe("fail");
});

test("fails when two workers put out the same try of a task", () => {
  const outputs = [
    { id: "a", try: 1, worker: "w1" },
    { id: "a", try: 1, worker: "w7" },
    { id: "b", try: 1, worker: "w1" },
    { id: "b", try: 2, worker: "w7" },
  ];
  expect(check(takenOver, nobody("lost", 31_000), tasksRead(25_000, [], outputs))).toMatchObject({
    outcome: "fail",
    because: "1 try of a task put out by two workers (dep-01/a try 1)",
  });
});

test("fails when pods stand side by side for longer than it takes to let go of them", () => {
  // Ten minutes of real time are one minute of this day.
  const sideBySide = (untilMs: number) =>
    Array.from({ length: untilMs / 2_000 }, (_, n) => [
      pods("lost", 100_000 + n * 2_000, "dep-01"),
      pods("survivor", 101_000 + n * 2_000, "dep-01"),
    ]).flat();
  expect(check(takenOver, sideBySide(50_000)).outcome).toBe("pass");
  expect(check(takenOver, sideBySide(70_000))).toMatchObject({
    outcome: "fail",
    because: "dep-01 had pods in both regions for more than 1 min 1 s",
  });
  const dead = did(
    "probe/standby look",
    [140_500, 140_600],
    { region: "lost", expected: [] },
    ok({ serving: "survivor", runs: [["dep-01", 0, 1]], strays: [] }),
  );
  expect(check(takenOver, sideBySide(70_000), dead).outcome).toBe("pass");
  // What was last seen of a region that is silent since then proves nothing.
  const gone = did("probe/standby look", [140_500, 141_300], { region: "lost", expected: [] }, fail("TIMEOUT"));
  expect(check(takenOver, sideBySide(70_000), gone).outcome).toBe("pass");
});

test("on the way back each region has its turn, because it was asked to", () => {
  const back = [
    nobody("lost", 31_000),
    did("run/play drill", [40_000, 60_000], { name: "failback", from: "survivor", to: "lost" }),
    started("lost", "d", 50_000),
  ];
  expect(check(takenOver, back, nobody("survivor", 51_000)).outcome).toBe("pass");
  expect(check(takenOver, back, nobody("survivor", 51_000), started("survivor", "e", 52_000)).outcome).toBe("fail");
  expect(check(takenOver, back).outcome).toBe("unknown");
});

test("is unknown where nobody could look, or nobody saw who worked", () => {
  expect(check(takenOver, silence("lost", 31_000))).toMatchObject({
    outcome: "unknown",
    because: "nobody could look into lost after survivor had taken over",
  });
  expect(check(lostAt10s(), nobody("lost", 31_000))).toMatchObject({
    outcome: "unknown",
    because: "nobody saw which region worked for dep-01",
  });
});

test("what was done before the load stood is preparation", () => {
  const prepared = [
    did("run/play phase", [100, 1_000], { phase: "load" }),
    jobs("lost", 200, ["lost", "1", "09:00"]),
    jobs("lost", 600, ["lost", "1", "09:01"]),
    started("survivor", "a", 5_000),
  ];
  expect(check(prepared, nobody("lost", 6_000)).outcome).toBe("pass");
});
