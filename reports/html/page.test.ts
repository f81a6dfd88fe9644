import { describe, expect, test } from "vitest";
import { checkers } from "../../checkers/index.ts";
import { judge } from "../../harness/judge.ts";
import type { History } from "../../harness/types.ts";
import { historyOf } from "../../history/history-of.ts";
import { type ExampleOptions, exampleHistory } from "../example-history.ts";
import { exampleResult } from "../example-result.ts";
import { page } from "./page.ts";

const drawn = (history: History): string => page(exampleResult(history, judge(history, checkers)), history);
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
