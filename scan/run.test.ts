import { describe, expect, it } from "vitest";
import type { CheckContext } from "../harness/types.ts";
import { egressHistory } from "../reports/example/egress.ts";
import { objectives, regions, timeScale, timing } from "../reports/example/times.ts";
import { scanConfig } from "./config.ts";
import { seenIn } from "./run.ts";
import { sarifOf } from "./sarif.ts";
import { scan } from "./scan.ts";
import { readSheet, writeSheet } from "./sheet.ts";
import { isClean, textOf } from "./text.ts";
import type { Scan } from "./types.ts";

const context: CheckContext = { timeScale, objectives, timing, regions, deployments: ["dep-01", "dep-02"] };

const code: Readonly<Record<string, string>> = {
  "platform/orchestrator/failover.ts": 'import "./dns.ts";',
  "platform/orchestrator/dns.ts": 'import "../aws/records.ts";',
  "platform/aws/records.ts": [
    'import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand } from "@aws-sdk/client-route-53";',
    "new ChangeResourceRecordSetsCommand({});",
    "new CreateHostedZoneCommand({});",
  ].join("\n"),
  "platform/roles.ts": 'import { CreateRoleCommand } from "@aws-sdk/client-iam";\nnew CreateRoleCommand({});',
};

function joined(more: Readonly<Record<string, string>> = {}, allow: readonly object[] = []): Scan {
  const config = scanConfig.parse({ failoverPath: "platform/orchestrator/failover.ts", allow });
  const sources = Object.entries({ ...code, ...more }).map(([path, text]) => ({ path, text }));
  return scan(sources, { regions: ["us-east-2"], config, run: seenIn(egressHistory(), context) });
}
const shown = ({ findings }: Scan): string[] =>
  findings.map(({ call, rule, level, seen }) => `${call?.operation ?? rule} ${level} ${seen?.count ?? seen}`);

describe("findings and a run", () => {
  it("what was attempted after the fault is seen, with its lines; what was not, is not", () => {
    const scan = joined();
    expect(shown(scan)).toEqual([
      "ChangeResourceRecordSets warning 1",
      "CreateHostedZone warning null",
      "CreateRole note null",
    ]);
    const [seen] = scan.findings;
    const history = egressHistory();
    for (const index of seen?.seen?.evidence ?? [-1]) expect(history.ops[index]?.f).toBe("attempt");
  });

  it("what no finding explains is told, but for what the run expected and what the harness did itself", () => {
    const { run } = joined();
    expect(
      run?.unexplained.map(({ what, region, frames, count, heldUp, allowed }) => ({
        what,
        region,
        from: frames[0],
        count,
        heldUp,
        allowed,
      })),
    ).toMatchObject([
      { what: "ssm:GetParameter", region: "us-east-2", from: "platform/orchestrator/settings.ts:12", count: 3 },
      { what: expect.stringContaining("registry.us-east-2"), region: "us-east-2", from: undefined },
      { what: "route53:GetChange", region: "us-east-1" },
      { what: "sts:GetCallerIdentity", allowed: "asks whether the region is there" },
    ]);
    expect(run?.trouble).toBeUndefined();
  });

  it("a file that names the region explains what came from it, a host what went there", () => {
    const { findings, run } = joined({
      "platform/orchestrator/settings.ts": 'export const home = "us-east-2";',
      "platform/images.yaml": "image: registry.us-east-2.example.amazonaws.com/app",
    });
    expect(findings.filter(({ seen }) => seen).map(({ rule, level }) => `${rule} ${level}`)).toEqual([
      "global-control-plane warning",
      "region-name error",
      "image-registry error",
    ]);
    expect(run?.unexplained.map(({ what }) => what)).toEqual(["route53:GetChange", "sts:GetCallerIdentity"]);
  });

  it("another operation from the same file, or the same one from elsewhere, explains nothing", () => {
    expect(
      joined({ "other.ts": code["platform/aws/records.ts"] ?? "" }).findings.filter(({ seen }) => seen),
    ).toHaveLength(1);
  });

  it("is clean only where attempts without a finding were expected too", () => {
    expect(isClean(joined({}, [{ reason: "all of it" }]))).toBe(false);
    const clean = joined({}, [{ reason: "all of it" }]);
    expect(isClean({ ...clean, run: { lost: "us-east-2", unexplained: [] } })).toBe(true);
  });

  it("reads well", () => {
    const text = textOf(joined());
    expect(text).toContain(
      "ChangeResourceRecordSets is served by us-east-1: Route 53's records are changed in us-east-1 [seen 1 time]\n",
    );
    expect(text).toContain(
      "CreateHostedZone is served by us-east-1: Route 53's records are changed in us-east-1 [not seen]\n",
    );
    expect(text).toMatch(
      /attempted in the run, and in nothing that was scanned:\n {2}control-plane: ssm:GetParameter in us-east-2, from platform\/orchestrator\/settings\.ts:12 \[seen 3 times, never answered, held up [\w-]+\]\n/,
    );
    expect(text).toContain(
      "compared with a run that lost us-east-2: 1 finding seen, 2 findings not; 3 attempts without a finding, 1 more that the run expected\n",
    );
  });

  it("is told in SARIF, and kept in a sheet that reads back", () => {
    const scan = joined();
    const log = JSON.parse(JSON.stringify(sarifOf(scan)));
    const [run] = log.runs;
    expect(run.results[0].properties).toMatchObject({ seenAtRunTime: true, attempts: 1 });
    expect(run.results[1].properties).toMatchObject({ seenAtRunTime: false });
    expect(run.results[3]).toMatchObject({
      ruleId: "only-at-run-time",
      level: "error",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "platform/orchestrator/settings.ts" },
            region: { startLine: 12 },
          },
        },
      ],
    });
    expect(run.tool.driver.rules[run.results[3].ruleIndex].id).toBe("only-at-run-time");
    expect(run.results.at(-1).suppressions).toMatchObject([{ justification: "asks whether the region is there" }]);
    expect(readSheet(writeSheet(scan), "scan.json")).toMatchObject(scan);
  });
});

describe("a run that cannot tell", () => {
  it.each([
    ["lost no region", { isBroken: false }, "no region was lost"],
    ["had no recorders", { isWatched: false }, "nobody recorded"],
  ])("because it %s is refused", (_, options, message) => {
    expect(() => seenIn(egressHistory(options), context)).toThrow(message);
    expect(() => seenIn(egressHistory(options), context)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  it("because a recorder was silent says so", () => {
    const history = egressHistory();
    const ops = history.ops.filter(({ f, process }) => !(process === "probe/egress" && f === "beat"));
    expect(ops.length).toBeLessThan(history.ops.length);
    const { trouble } = seenIn(
      { ...history, pairs: (role, f) => (f === "beat" ? [] : history.pairs(role, f)) },
      context,
    );
    expect(trouble).toContain("no recorder of control-plane was heard before the fault");
  });
});

it.each([
  ["no JSON", "{", /scan\.json is not a scan\.json of version gameday\.scan\/1: /],
  ["another version", '{"schema":"gameday.scan/2"}', /schema/],
])("a sheet that is %s is refused by its name", (_, text, message) => {
  expect(() => readSheet(text, "scan.json")).toThrow(message);
});
