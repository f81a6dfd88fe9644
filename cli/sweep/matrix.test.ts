import { describe, expect, test } from "vitest";
import { matrixOf } from "./matrix.ts";
import { page } from "./page.ts";
import { baselineOf, outcomeOf } from "./played.ts";
import { progressOf } from "./progress.ts";
import { markdown, text } from "./render.ts";
import { arrived, done, edge, plan, stuck } from "./testing.ts";

const matrix = matrixOf(plan, done);

test("the terminal shows services and regions, then what does not simply survive", () => {
  expect(text(matrix).split("\n")).toEqual([
    "         us-east-2  us-west-2                 us-east-1",
    "rds      survives   breaks: database-compute  –",
    "route53  –          –                         breaks: dns",
    "s3       –          +3.5 s                    –",
    "sts      –          to do                     –",
    "",
    "rds@us-west-2: not there after 1 min, in step database-compute: the last that was seen. It arrived 4 s after the edge was well again. Reached from platform/steps.ts:12.",
    "route53@us-east-1: not there after 1 min, in step dns: the last that was seen. It did not arrive after the edge was well again either. Reached from platform/steps.ts:12.",
    "s3@us-west-2: took 14 s, 3.5 s longer than with every edge well. Reached from platform/steps.ts:12.",
    "",
    "1 survives, 1 slower, 2 break, 1 to do; with every edge well a failover takes 10.5 s here (2 plays, 10 s to 11 s); provisioning delays are divided by 30",
  ]);
});

test("Markdown has the same table, and nothing in it is taken for markup", () => {
  const spoilt = { ...plan, edges: [edge("a|b", "us-west-2", { from: ["<x>.ts:1"] }), ...plan.edges] };
  const said = markdown(matrixOf(spoilt, new Map([...done, ["a|b@us-west-2", { played: stuck("dns"), wallMs: 1 }]])));
  expect(said).toContain("| rds | survives | breaks: database-compute | – |");
  expect(said).toContain("| a\\|b | – | breaks: dns | – |");
  expect(said).toContain("&lt;x>.ts:1");
});

test("the page is one file that fetches and runs nothing, and tells outcomes in words", () => {
  const html = page(matrix);
  expect(html).not.toMatch(/<script|<img|https?:/);
  for (const said of ["breaks: database-compute", "+3.5 s", "survives", "to do", "seen at run time", "atlas"])
    expect(html).toContain(said);
  expect(html).toContain("seen at run time");
  const all = plan.edges.map((one) => ({ ...one, how: "atlas" as const, because: "the lab can fail it" }));
  expect(page(matrixOf({ ...plan, edges: all }, done))).toContain("Of each: the lab can fail it.");
  expect(page(matrixOf({ ...plan, seed: "<s>" }, done))).toContain("seed &lt;s&gt;");
});

describe("what a failover took is compared with healthy ones", () => {
  const baseline = baselineOf([arrived(10_000), stuck("dns"), arrived(12_000), arrived(11_000)]);
  test.each([
    [11_000, "survives"],
    [13_200, "survives"],
    [13_300, "slower"],
  ])("%i ms", (tookMs, outcome) => {
    expect(baseline).toEqual({ medianMs: 11_000, lowMs: 10_000, highMs: 12_000, plays: 3 });
    expect(outcomeOf(arrived(tookMs), baseline)).toMatchObject({ outcome });
  });

  test("healthy ones that differ more among themselves make it bear more", () => {
    const wide = baselineOf([arrived(10_000), arrived(16_000)]);
    expect(outcomeOf(arrived(18_900), wide)).toMatchObject({ outcome: "survives" });
    expect(outcomeOf(arrived(19_100), wide)).toMatchObject({ outcome: "slower", byMs: 6_100 });
  });

  test("without any of them nothing is known", () => {
    expect(outcomeOf(arrived(1), baselineOf([stuck("dns")]))).toMatchObject({ outcome: "unknown" });
    expect(outcomeOf({ end: "unknown", because: "no such edge" }, baseline)).toEqual({
      outcome: "unknown",
      because: "no such edge",
    });
  });
});

test("the time left is the mean time of a play for each that is to come: those that break take longest", () => {
  expect(progressOf(plan, done)).toEqual({ done: 6, of: 7, leftMs: 40_000 });
  const [first] = done;
  if (first === undefined) throw new Error("nothing is done");
  const [key, one] = first;
  const longer = new Map([...done, [key, { ...one, wallMs: 100_000 }]]);
  expect(progressOf(plan, longer)).toEqual({ done: 6, of: 7, leftMs: 50_000 });
  expect(progressOf(plan, new Map())).toEqual({ done: 0, of: 7, leftMs: undefined });
});
