import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { sarifOf } from "./sarif.ts";
import { scanOf } from "./testing.ts";

// The schema is of draft 4, and what it uses means the same in draft 7 but for these two names.
const { id: _id, $schema: _draft, ...sarif } = schema;
const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true });
const isSarif = ajv.compile(sarif);

const scanned = scanOf({
  "dr, here.yaml": "kind: Deployment\nmetadata: { name: web }\nspec: { region: us-east-2 }",
  "a.ts": '// gameday-allow: an example\nf("us-east-2");\ng("us-east-2", "us-east-2");',
  "b.ts": "const = ;",
});
const log = (): { runs: [{ results: Record<string, unknown>[]; tool: { driver: { rules: unknown[] } } }] } =>
  JSON.parse(JSON.stringify(sarifOf(scanned)));

describe("a SARIF log", () => {
  it("is one by the official schema", () => {
    expect(isSarif(log()) || isSarif.errors).toBe(true);
    expect(isSarif(JSON.parse(JSON.stringify(sarifOf(scanOf({}))))) || isSarif.errors).toBe(true);
  });

  it.each<[string, (one: ReturnType<typeof log>) => void]>([
    ["a level that there is not", ({ runs: [run] }) => Object.assign(run.results[0] ?? {}, { level: "bad" })],
    ["a result without a message", ({ runs: [run] }) => delete run.results[0]?.["message"]],
    ["a property that there is not", ({ runs: [run] }) => Object.assign(run, { found: 1 })],
    ["no tool", ({ runs: [run] }) => Reflect.deleteProperty(run, "tool")],
    [
      "a line from 0",
      ({ runs: [run] }) => {
        const [location] = Object(run.results[0])["locations"];
        location.physicalLocation.region.startLine = 0;
      },
    ],
  ])("would not be one with %s", (_, spoil) => {
    const spoilt = log();
    spoil(spoilt);
    expect(isSarif(spoilt)).toBe(false);
  });

  it("has place, level, reason and rule of each finding", () => {
    const [run] = log().runs;
    expect(run.results).toHaveLength(4);
    expect(run.results[0]).toMatchObject({
      ruleId: "region-name",
      level: "error",
      message: { text: "Deployment web: us-east-2 is named (spec.region)." },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "dr,%20here.yaml" },
            region: { startLine: 3, startColumn: 17, endLine: 3, endColumn: 26, snippet: { text: "us-east-2" } },
          },
          logicalLocations: [{ fullyQualifiedName: "Deployment web" }],
        },
      ],
    });
    expect(run.results[1]).toMatchObject({
      suppressions: [{ kind: "inSource", status: "accepted", justification: "an example" }],
    });
    for (const { ruleId, ruleIndex } of run.results)
      expect(run.tool.driver.rules[Number(ruleIndex)]).toMatchObject({ id: ruleId });
  });

  it("has fingerprints that bear moved lines and tell equal findings apart", () => {
    const prints = (text: string): unknown[] => {
      const { runs } = JSON.parse(JSON.stringify(sarifOf(scanOf({ "a.ts": text }))));
      return runs[0].results.map((one: Record<string, unknown>) => one["partialFingerprints"]);
    };
    const before = prints('f("us-east-2", "us-east-2")');
    expect(prints('\n\nf(\n"us-east-2",\n"us-east-2")')).toEqual(before);
    expect(new Set(before.map((one) => JSON.stringify(one))).size).toBe(2);
  });
});
