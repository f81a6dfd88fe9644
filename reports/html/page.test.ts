import { describe, expect, test } from "vitest";
import { checkers, degradedStandbyCheckers, failBackCheckers, roundTripCheckers } from "../../checkers/index.ts";
import { judge } from "../../harness/judge.ts";
import type { History } from "../../harness/types.ts";
import { historyOf } from "../../history/history-of.ts";
import { did, literal, ok, written } from "../../history/literal.ts";
import { roundTripHistory } from "../example/round-trip.ts";
import { type ExampleOptions, exampleHistory } from "../example-history.ts";
import { exampleResult } from "../example-result.ts";
import { escaped } from "../markup.ts";
import { page } from "./page.ts";

const drawn = (history: History): string => page(exampleResult(history, judge(history, checkers)), history);
const headerOf = (history: History): unknown => [...history.pairs("run", "start")][0]?.invocation.value;
const example = (options: ExampleOptions = {}): string => drawn(exampleHistory(options));
const all = (html: string, pattern: RegExp): string[] => [...html.matchAll(pattern)].map(([, found = ""]) => found);

describe("the page of a run of full size", () => {
  const html = example();

  test("is one file of less than 2 MB that fetches and runs nothing", () => {
    expect(Buffer.byteLength(html)).toBeLessThan(2_000_000);
    expect(all(html, /(<script|<iframe|<img|<object|@import|\son\w+=")/gi)).toEqual([]);
    expect(
      all(html, /\b(?:href|src)="([^"]*)"/g).filter((target) => /^(?!data:,$)[a-z]+:|^\/\//i.test(target)),
    ).toEqual([]);
    expect(all(html, /url\(([^)]*)\)/g).filter((target) => !target.startsWith("#"))).toEqual([]);
    expect(html.includes("default-src &#39;none&#39;")).toBe(true);
  });

  test("has a strip for each deployment, of a few segments and not of cells", () => {
    expect(all(html, /(<g class="strip")/g)).toHaveLength(80);
    expect(all(html, /(<rect class="(?:up|down|unknown)")/g).length).toBeLessThan(80 * 12);
  });

  test("tells every chart in words and in a table, on the same axis", () => {
    const charts = all(html, /<svg class="chart"(.*?)<\/svg>/gs);
    expect(charts).toHaveLength(8);
    for (const chart of charts)
      expect(chart).toMatch(
        /role="img" aria-labelledby="(\S+) (\S+)".*<title id="\1">.+<\/title><desc id="\2">.+<\/desc>/s,
      );
    const axes = charts.map((chart) =>
      all(chart, /class="tick[^"]*" x="([\d.]+)"[^>]*>(?=fault|[+−]\d)/g)
        .sort()
        .filter((x, n, xs) => x !== xs[n - 1]),
    );
    expect(new Set(axes.map((xs) => xs.join())).size).toBe(1);
    expect(all(html, /(<details>)/g)).toHaveLength(8);
  });

  test("writes no text under 11 px", () => {
    const sizes = all(html, /font(?:-size)?:[^;}]*?([\d.]+)px/g).map(Number);
    expect(sizes.length).toBeGreaterThan(10);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
  });

  test("shows every line that it cites", () => {
    const anchors = new Set(all(html, /\bid="([^"]+)"/g));
    const cited = all(html, /href="#([^"]+)"/g);
    expect(cited.length).toBeGreaterThan(50);
    expect(cited.filter((target) => !anchors.has(target))).toEqual([]);
  });

  test("names the measured value and the projection apart", () => {
    expect(html.includes("measured in the lab")).toBe(true);
    expect(html.includes("projected (× 30)")).toBe(true);
  });

  test("has no id twice and closes what it opens", () => {
    const ids = all(html, /\bid="([^"]+)"/g);
    expect(ids.filter((id, n) => ids.indexOf(id) !== n)).toEqual([]);
    for (const element of [
      "div",
      "section",
      "figure",
      "table",
      "tr",
      "td",
      "ul",
      "li",
      "g",
      "svg",
      "text",
      "details",
    ]) {
      expect([element, all(html, new RegExp(`(<${element}[ >])`, "g")).length]).toEqual([
        element,
        all(html, new RegExp(`(</${element}>)`, "g")).length,
      ]);
    }
  });
});

describe("what reached beyond the survivor", () => {
  const section = (options: ExampleOptions): string =>
    /<section id="dependencies">.*?<\/section>/s.exec(example({ deployments: 3, tasks: 12, ...options }))?.[0] ?? "";

  test("is told with its reason where it is allowed, beside the whole allow-list and who was recorded", () => {
    const html = section({});
    expect(html).toContain("What reached beyond us-west-2");
    expect(html).toMatch(/allowed<div class="quiet">asks the lost region itself<\/div>.*harness\/answers\.ts:9.*soft/s);
    expect(html).toMatch(
      /route53:ChangeResourceRecordSets.*us-east-1.*WP global services.*platform\/aws\/records\.ts:40/s,
    );
    expect(html).toContain("The allow-list of this run: 2 entries");
    expect(html).toContain("control-plane (1 process)");
    expect(html).not.toContain("finding");
  });

  test("is a finding with its line, and the step that had to wait", () => {
    const html = section({ asksLostRegion: true });
    expect(html).toMatch(
      /<b>finding<\/b>.*control-plane.*ssm:GetParameter.*us-east-2.*platform\/aws\/parameters\.ts:6.*platform\/orchestrator\/lookups\.ts:31.*<b>hard: database-compute<\/b>/s,
    );
  });

  test("is left out where nobody recorded", () => {
    const { ops } = exampleHistory({ deployments: 3, tasks: 12 });
    const silent = ops.map((op) => (op.process === "probe/egress" ? { ...op, process: "probe/other" as const } : op));
    expect(drawn(historyOf(silent))).not.toContain('id="dependencies"');
  });
});

test("what a platform says is text, wherever it stands", () => {
  const said = `</td><script>alert(1)</script><img src=x onerror="alert(2)">`;
  const html = example({ deployments: 3, tasks: 12, detail: said });
  expect(all(html, /(<script|<img)/g)).toEqual([]);
  expect(html.split("&lt;script&gt;alert(1)&lt;/script&gt;").length - 1).toBeGreaterThanOrEqual(2);
});

test("a run that never recovered shows what was not reached and what was last seen", () => {
  const html = example({ deployments: 5, tasks: 1_200, recovers: false });
  expect(html.includes("not reached, last seen: standby")).toBe(true);
  expect(/<header class="banner fail">/.test(html)).toBe(true);
  expect(html.includes('class="stable-line"')).toBe(false);
});

test("a run that broke off before the fault still has its page", () => {
  const ops = exampleHistory({ deployments: 3, tasks: 12 }).ops.filter(({ time }) => time < 15_000);
  const html = drawn(historyOf(ops));
  expect(/<header class="banner invalid">/.test(html)).toBe(true);
  expect(html.includes("could not be drawn")).toBe(false);
});

test("a part that cannot be drawn says so, and the rest is there", () => {
  const { ops } = exampleHistory({ deployments: 3, tasks: 12 });
  const html = drawn(
    historyOf(ops.map((op) => (op.process === "probe/availability" ? { ...op, value: undefined } : op))),
  );
  expect(/The chart “strips” could not be drawn: sample \d+ does not say what it looked at/.test(html)).toBe(true);
  expect(all(html, /(<svg class="chart")/g)).toHaveLength(6);
});

describe("the page of a round trip", () => {
  const history = roundTripHistory();
  const html = page(exampleResult(history, judge(history, roundTripCheckers)), history);

  test("tells both drills under their own titles, objects and images beside the database", () => {
    expect(all(html, /<th scope="rowgroup"[^>]*>(.*?)<\/th>/g).map((title) => title.replace(/<[^>]+>/g, ""))).toEqual([
      "failover, us-east-2 to us-west-2",
      "failback, us-west-2 to us-east-2",
      "the whole run",
    ]);
    const metrics = all(html, /<tr class="[^"]+" id="verdict-[^"]+"><td><div class="metric">(.*?)<\/div>/g);
    expect(metrics).toEqual([
      ...["RTO", "RPO database", "RPO objects", "RPO images", "Stores agree", "Tasks"],
      ...["RTO", "Writes lost", "RPO objects", "RPO images", "Stores agree", "Tasks"],
      ...["Standby", "Unprotected", "Dependencies", "One writer", "One cluster"],
    ]);
    expect(html).toMatch(/<td>failover<\/td><td>objects<\/td><td class="number"><b>/);
    const table = /<section id="objectives">.*?<\/section>/s.exec(html)?.[0] ?? "";
    expect(table).not.toContain("failback: ");
  });

  test("names the parts of the run over every chart of all of it", () => {
    const chart = /<figure id="replication".*?<\/figure>/s.exec(html)?.[0] ?? "";
    const named = all(chart, /class="band(?: drill)?".*?<title>(.*?)<\/title>/g);
    expect(named).toEqual(["load", "steady", "fault", "failover", "life", "return", "rebuild", "failback", "settle"]);
  });

  test("has a chain for each drill, a bar of the time unprotected, and who said so", () => {
    expect(all(html, /<figure id="([^"]+)"/g)).toEqual(
      expect.arrayContaining(["overview", "protection", "chain-failover", "chain-failback"]),
    );
    const bar = /<figure id="protection".*?<\/figure>/s.exec(html)?.[0] ?? "";
    expect(all(bar, /class="row-name"[^>]*>(.*?)</g)).toEqual(["time unprotected", "the platform says", "RDS shows"]);
    expect(bar).toMatch(/class="bare"[^>]*><title>1 min [\d ]+s/);
    expect(bar).toContain("rebuilding");
  });

  test("closes what it opens and has no id twice", () => {
    const ids = all(html, /\bid="([^"]+)"/g);
    expect(ids.filter((id, n) => ids.indexOf(id) !== n)).toEqual([]);
    expect(html).not.toContain("could not be drawn");
  });
});

describe("where no region is lost", () => {
  test("a failback alone says what was asked, and speaks of no fault", () => {
    const { ops } = roundTripHistory();
    const start = ops.findIndex(({ time }) => time > 65_000);
    const [header] = ops;
    const value = { ...(header?.type === "invoke" ? (header.value as object) : {}) };
    const drills = [{ name: "failback", from: "us-west-2", to: "us-east-2", objectives: { writesLostAtMost: 0 } }];
    const kept = ops.filter(({ process }, index) => index < 2 || (index >= start && !process.startsWith("fault/")));
    const begun = new Set(kept.filter(({ type }) => type === "invoke").map(({ index }) => index));
    const whole = kept.filter((op) => op.type === "invoke" || begun.has(op.invoke));
    const places = new Map(whole.map(({ index }, n) => [index, n]));
    const history = historyOf(
      whole.map((op, index) =>
        op.type === "invoke"
          ? { ...op, index, ...(index === 0 ? { value: { ...value, drills } } : {}) }
          : { ...op, index, invoke: places.get(op.invoke) ?? 0 },
      ),
    );
    const html = page(exampleResult(history, judge(history, failBackCheckers)), history);
    expect(html).toContain("regions, none of them lost");
    const chain = /<figure id="chain".*?<\/figure>/s.exec(html)?.[0] ?? "";
    expect(all(chain, /class="row-name"[^>]*>(.*?)</g).slice(0, 2)).toEqual(["asked", "first client failure"]);
    expect(chain).not.toContain("fault");
    expect(html).toMatch(/class="tick strong"[^>]*>asked</);
    expect(html).not.toMatch(/class="(fault-line|outage|landing)"/);
  });

  test("the reasons of a refusal are the news", () => {
    const header = [...exampleHistory({ deployments: 2, tasks: 4 }).pairs("run", "start")][0]?.invocation.value;
    const history = literal(
      did("run/play start", [0, 1], { ...(header as object), drills: [] }),
      did("fault/degrade-standby inject", [5_000, 5_010], { region: "us-west-2", component: "reconciler" }),
      did("run/play gate", [5_100, 13_000], { withinMs: 30_000 }, ok({ because: ["us-west-2 has no reconciler"] })),
      did("fault/degrade-standby heal", [13_100, 13_500], { region: "us-west-2" }),
    );
    const html = page(exampleResult(history, judge(history, degradedStandbyCheckers)), history);
    const gate = /<section id="gate">.*?<\/section>/s.exec(html)?.[0];
    expect(gate).toMatch(/Why nothing was broken.*refused after 7\.9 s.*<li>.*us-west-2.*has no reconciler/s);
    expect(all(html, /<figure id="(chain|slowest)[^"]*"/g)).toEqual([]);
    expect(html).toContain("reconciler stopped");
  });
});

test("a step that stayed open stands there with its reason", () => {
  const { ops } = exampleHistory({ deployments: 2, tasks: 4, recovers: false });
  const html = drawn(historyOf(ops));
  const open = /<section id="open">.*?<\/section>/s.exec(html)?.[0];
  expect(open).toMatch(/What stayed open, and why.*the step database-failover.*last seen: .*failing-over/s);
});

/** Where a verdict stands in a page. */
const standing = (html: string, checker: string): string =>
  html
    .split(/ id="verdict-/)
    .find((part) => part.startsWith(`${checker}"`))
    ?.split("</section>")[0] ?? "";

describe("from every sentence of a verdict to its lines", () => {
  const nothing = literal(did("run/play start", [0, 1], headerOf(exampleHistory({ deployments: 2, tasks: 4 }))));
  const days = [
    ["a region lost", exampleHistory({ deployments: 5, tasks: 20 }), checkers],
    ["a failover that never ends", exampleHistory({ deployments: 5, tasks: 20, recovers: false }), checkers],
    ["a round trip", roundTripHistory(), roundTripCheckers],
    ["a run in which nothing happened", nothing, checkers],
  ] as const;

  test.each(days)("%s", (_, history, asked) => {
    const { verdicts, ...rest } = judge(history, asked);
    const html = page(exampleResult(history, { verdicts, ...rest }), history);
    const quoted = new Map(
      [...html.matchAll(/<span id="line-(\d+)"[^>]*>.*?<code>(.*?)<\/code>/g)].map(([, line, text]) => [line, text]),
    );
    expect(verdicts.length).toBeGreaterThan(10);
    for (const { checker, evidence } of verdicts) {
      const own = standing(html, checker);
      const lines = all(own, /href="#line-(\d+)"/g);
      const wanted =
        evidence.length > 0
          ? [...new Set(evidence)].map((index) => String(index + 1))
          : ["1", String(history.ops.length)];
      expect([checker, lines]).toEqual([checker, wanted]);
      for (const line of lines) expect(quoted.get(line)).toContain(`&quot;index&quot;:${Number(line) - 1},`);
    }
  });

  test.each(days)("and from the banner's to where the verdict stands: %s", (_, history, asked) => {
    const judgement = judge(history, asked);
    const html = page(exampleResult(history, judgement), history);
    const [banner = ""] = /<h1.*?<\/h1>/s.exec(html) ?? [];
    const told = judgement.verdicts.filter(({ because }) => judgement.because.includes(because));
    expect(told.length).toBeGreaterThan(0);
    const texts = all(banner, /href="#verdict-[^"]+">(.*?)<\/a>/g).map((text) => text.replace(/<[^>]+>/g, ""));
    for (const { because } of told) expect(texts.join("\n")).toContain(escaped(because));
    expect(banner.replace(/<[^>]+>/g, "")).toContain(escaped(judgement.because));
  });

  test("a line is quoted as it stands in its file, its hash too, however long it is", () => {
    const history = exampleHistory({ deployments: 5, tasks: 20 });
    const text = written(history).split("\n");
    const html = page(exampleResult(history, judge(history, checkers)), { ...history, line: (index) => text[index] });
    const hashes = all(html, /&quot;hash&quot;:&quot;(\w{32})&quot;}<\/code>/g);
    expect(hashes.length).toBe(all(html, /<span id="line-(\d+)"/g).length);
    expect(html).toMatch(/characters more\) …[^<]*&quot;hash&quot;:&quot;\w{32}&quot;}<\/code>/);
  });

  test("of very many lines the first are shown, others unfold, and the rest is counted", () => {
    const history = literal(...Array.from({ length: 300 }, (_, n) => did("probe/a look", [n, n + 1])));
    const verdict = { checker: "rto", kind: "objective", outcome: "fail", because: "too slow" } as const;
    const evidence = Array.from({ length: 250 }, (_, n) => n);
    const verdicts = [{ ...verdict, evidence }];
    const html = page(
      exampleResult(exampleHistory({ deployments: 2, tasks: 4 }), {
        outcome: "fail",
        exitCode: 1,
        because: "too slow",
        verdicts,
      }),
      history,
    );
    const own = standing(html, "rto");
    expect(all(own, /href="#line-(\d+)"/g)).toHaveLength(200);
    expect(own).toMatch(
      /<details class="more"><summary>and 226 more<\/summary>.* and 50 more, in run\.json<\/details>/s,
    );
  });
});
