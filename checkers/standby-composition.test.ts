import { expect, test } from "vitest";
import { type Did, did, fail, literal, ok } from "../history/literal.ts";
import { day, lostAt10s, start } from "./literal-day.ts";
import { standbyComposition } from "./standby-composition.ts";

const expected = ["karpenter", "reconciler"];
type Runs = readonly (readonly [string, number, number])[];
const warm: Runs = expected.map((name) => [name, 1, 1]);
const look = (
  atMs: number,
  runs: Runs,
  { region = "survivor", serving = "lost", strays = [] }: { region?: string; serving?: string; strays?: string[] } = {},
): Did => did("probe/standby look", [atMs, atMs + 20], { region, expected }, ok({ serving, runs, strays }));
const looks = (fromMs: number, toMs: number, runs: Runs, more: Parameters<typeof look>[2] = {}): Did[] =>
  Array.from({ length: (toMs - fromMs) / 2_000 }, (_, n) => look(fromMs + n * 2_000, runs, more));
const check = (...happened: (Did | readonly Did[])[]) =>
  standbyComposition.check(literal(start, lostAt10s(), ...happened), day);
const active: Runs = [...warm, ["dep-01", 1, 1], ["airflow-controller", 1, 1]];
const back = { region: "lost", serving: "survivor" };
const protectedAgain = did("run/play phase", [32_000, 36_000], { phase: "protection" });

test("passes when the standby runs exactly its warm standby; what the serving region runs does not matter", () => {
  expect(check(looks(2_000, 10_000, warm), looks(2_000, 10_000, active, { region: "lost" }))).toMatchObject({
    outcome: "pass",
    because: "the standby ran exactly what it should, in 2 looks before anything was broken",
  });
});

test("looks again once the platform is protected again, at the region that stands by then", () => {
  const before = looks(2_000, 10_000, warm);
  // While it takes over and is being rebuilt a region may run anything.
  const between = [looks(12_000, 20_000, active), looks(30_000, 36_000, active, back)].flat();
  expect(check(before, between, protectedAgain, looks(36_500, 44_500, warm, back))).toMatchObject({
    outcome: "pass",
    because: expect.stringMatching(/6 looks before anything was broken and when the platform was protected again$/),
  });
  expect(check(before, between, protectedAgain, looks(36_500, 44_500, active, back))).toMatchObject({
    outcome: "fail",
    because: "the standby ran dep-01, airflow-controller, which it should not when the platform was protected again",
  });
  expect(check(before, between, protectedAgain)).toMatchObject({ outcome: "unknown" });
});

test("fails with the names of what is lacking, what is not ready, and what is there besides", () => {
  const broken: Runs = [
    ["reconciler", 0, 1],
    ["dep-02", 0, 1],
  ];
  expect(check(looks(2_000, 10_000, broken, { strays: ["lonely-pod"] }))).toMatchObject({
    outcome: "fail",
    because:
      "the standby lacked karpenter, reconciler and ran dep-02, lonely-pod, which it should not before anything was broken",
  });
});

test("what one look alone saw is being replaced", () => {
  expect(check(look(7_000, warm.slice(1)), look(9_000, warm))).toMatchObject({ outcome: "pass" });
  expect(check(look(9_000, warm.slice(1)))).toMatchObject({ outcome: "fail" });
});

test("is unknown when nobody saw the standby", () => {
  expect(check()).toMatchObject({ outcome: "unknown", because: expect.stringContaining("nobody saw") });
  const silent = did("probe/standby look", [8_000, 8_800], { region: "survivor", expected }, fail("TIMEOUT"));
  expect(check(silent)).toMatchObject({ outcome: "unknown" });
});
