import { expect, test } from "vitest";
import { checkers } from "../../checkers/index.ts";
import { judge } from "../../harness/judge.ts";
import type { Finding, Scan } from "../../scan/types.ts";
import { egressHistory } from "../example/egress.ts";
import { exampleResult } from "../example-result.ts";
import { page } from "./page.ts";

const history = egressHistory();
const result = exampleResult(history, judge(history, checkers));
const attempt = history.ops.findIndex(({ f }) => f === "attempt");

const finding = (change: Partial<Finding>): Finding => ({
  rule: "region-name",
  level: "error",
  file: "deploy/dr.yaml",
  line: 7,
  column: 3,
  endLine: 7,
  endColumn: 12,
  text: "us-east-2",
  message: "Deployment <web>: us-east-2 is named",
  region: "us-east-2",
  inFailoverPath: true,
  seen: null,
  ...change,
});
const seen = { by: ["control-plane"], count: 3, unanswered: 3, heldUp: ["dns"], evidence: [attempt] };
const scan: Scan = {
  regions: ["us-east-2"],
  notices: [],
  files: 12,
  leftOut: [],
  findings: [
    finding({ level: "warning", file: "allowed.ts", allowed: { by: "comment", reason: "an example" } }),
    finding({}),
    finding({ file: "dns.ts", chain: ["main.ts", "dns.ts"], seen }),
    finding({ level: "note", file: "roles.ts", inFailoverPath: false }),
  ],
  run: {
    lost: "us-east-2",
    trouble: "no recorder of x was heard",
    unexplained: [
      {
        ...seen,
        what: "ssm:GetParameter",
        region: "us-east-2",
        because: "",
        frames: ["a.ts:1"],
        hosts: [],
        isPossible: false,
      },
      {
        ...seen,
        what: "sts:GetCallerIdentity",
        region: "us-east-2",
        because: "",
        frames: [],
        hosts: [],
        isPossible: false,
        allowed: "asked",
      },
    ],
  },
};
/** The section, as it is read: what keeps a name in one line aside. */
const sectionOf = (html: string): string =>
  (/<section id="scan">.*?<\/section>/s.exec(html)?.[0] ?? "").replaceAll(/<span class="nowrap">(.*?)<\/span>/g, "$1");

test("a run without a scan has no such section", () => {
  expect(sectionOf(page(result, history))).toBe("");
});

test("findings stand by their weight, with what was seen of them, and what no finding foretold", () => {
  const html = page(result, history, scan);
  const section = sectionOf(html);
  expect([...section.matchAll(/<code>([^<]*):7<\/code>/g)].map(([, file]) => file)).toEqual([
    "dns.ts",
    "deploy/dr.yaml",
    "allowed.ts",
    "roles.ts",
  ]);
  expect(section).toContain("loaded by main.ts");
  expect(section).toContain("Deployment &lt;web&gt;: ");
  expect(section).toContain("seen 3 times, never answered, held up dns");
  expect(section).toContain("an example");
  expect(section).toContain("ssm:GetParameter");
  expect(section).not.toContain("sts:GetCallerIdentity");
  expect(section).toContain("1 more was expected by the run.");
  expect(section).toContain("2 findings more: allowed, or outside the failover path, and not seen");
  expect(section).toContain("What was not seen may have happened all the same: no recorder of x was heard.");
  expect(section).toContain(`href="#line-${attempt + 1}"`);
  expect(html).toContain(`id="line-${attempt + 1}"`);
});

test("nothing found and nothing attempted is said so", () => {
  const section = sectionOf(
    page(result, history, { ...scan, findings: [], run: { lost: "us-east-2", unexplained: [] } }),
  );
  expect(section).toContain("No finding is open, and none was seen.");
  expect(section).toContain("Nothing.");
});
