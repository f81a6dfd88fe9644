import { describe, expect, it } from "vitest";
import { scanOf } from "./testing.ts";
import type { Finding } from "./types.ts";

const levels = (findings: readonly Finding[]): string[] => findings.map(({ file, level }) => `${file} ${level}`);

describe("the failover path", () => {
  const modules = {
    "failover/main.ts": 'import "./steps.ts"; import type { X } from "../elsewhere.ts";',
    "failover/steps.ts": 'import { dns } from "./dns.js";',
    "failover/dns.ts":
      'import { ChangeResourceRecordSetsCommand } from "@aws-sdk/client-route-53"; new ChangeResourceRecordSetsCommand({});',
    "elsewhere.ts": 'export const home = "us-east-2"; import "@aws-sdk/client-iam";',
    "roles.ts": 'import { CreateRoleCommand } from "@aws-sdk/client-iam"; new CreateRoleCommand({});',
  };
  const config = { failoverPath: "failover/main.ts" };

  it("is what its entries load, and the way there is told", () => {
    const { findings } = scanOf(modules, { config });
    expect(findings.map(({ file, inFailoverPath, chain }) => ({ file, inFailoverPath, chain }))).toEqual([
      {
        file: "failover/dns.ts",
        inFailoverPath: true,
        chain: ["failover/main.ts", "failover/steps.ts", "failover/dns.ts"],
      },
      { file: "elsewhere.ts", inFailoverPath: false, chain: undefined },
      { file: "roles.ts", inFailoverPath: false, chain: undefined },
    ]);
  });

  it("makes what it needs an error where the asked region serves it, and a warning where a third one does", () => {
    expect(levels(scanOf(modules, { config }).findings)).toEqual([
      "failover/dns.ts warning",
      "elsewhere.ts warning",
      "roles.ts note",
    ]);
    expect(levels(scanOf(modules, { config, regions: ["us-east-1"] }).findings)).toEqual([
      "failover/dns.ts error",
      "roles.ts note",
    ]);
    expect(levels(scanOf({ "failover/main.ts": 'f("us-east-2")' }, { config }).findings)).toEqual([
      "failover/main.ts error",
    ]);
  });

  it("is everything where nobody says what it is", () => {
    expect(levels(scanOf(modules, { regions: ["us-east-2", "us-east-1"] }).findings)).toEqual([
      "failover/dns.ts error",
      "elsewhere.ts error",
      "roles.ts error",
    ]);
  });

  it("goes in circles only once, and past what is not there", () => {
    const circle = {
      "a.ts": 'import "./b"; import "./gone.ts"; import "yaml";',
      "b.ts": 'import "./a"; f("us-east-2");',
    };
    const { findings } = scanOf(circle, { config: { failoverPath: ["a.ts"] } });
    expect(findings.map(({ chain }) => chain)).toEqual([["a.ts", "b.ts"]]);
  });
});

describe("a manifest of one region", () => {
  const manifest = (variant: string, image: string): string =>
    JSON.stringify({
      variant,
      objects: [{ kind: "Deployment", metadata: { name: "karpenter" }, spec: { image, zone: "us-west-2a" } }],
    });
  const config = {
    failoverPath: "orchestrator.ts",
    places: [
      { variant: "primary", region: "us-east-2" },
      { variant: "dr", region: "us-west-2" },
      { files: "golden/dr*", variant: "dr", region: "us-west-2" },
    ],
  };

  it("says which variant of what names the lost region", () => {
    const { findings } = scanOf(
      { "m.json": manifest("dr", "registry.us-east-2.example/karpenter@sha256:0") },
      { config },
    );
    expect(findings).toMatchObject([{ rule: "image-registry", level: "error", subject: "Deployment karpenter" }]);
    expect(findings[0]?.message).toBe(
      "the DR variant of Deployment karpenter: registry.us-east-2.example/karpenter is pulled from a registry in us-east-2 (objects.spec.image)",
    );
  });

  it("may name its own region, and is of no concern where that is the lost one", () => {
    expect(scanOf({ "m.json": manifest("dr", "registry.us-west-2.example/x") }, { config }).findings).toEqual([]);
    expect(scanOf({ "m.json": manifest("primary", "registry.us-east-2.example/x") }, { config }).findings).toEqual([]);
    const back = scanOf(
      { "m.json": manifest("primary", "registry.us-west-2.example/x") },
      { config, regions: ["us-west-2"] },
    );
    expect(back.findings.map(({ rule }) => rule)).toEqual(["image-registry", "availability-zone"]);
  });

  it("is known by its path where it does not say its variant", () => {
    const text = "kind: Deployment\nmetadata: { name: web }\nspec: { region: us-east-2 }";
    const { findings } = scanOf({ "golden/dr, failed over.yaml": text }, { config });
    expect(findings[0]?.message).toBe("the DR variant of Deployment web: us-east-2 is named (spec.region)");
    expect(findings[0]?.level).toBe("error");
  });
});

describe("what is allowed", () => {
  it.each([
    ["on its line", 'f("us-east-2"); // gameday-allow: an example'],
    ["above it", '// gameday-allow: an example\nf("us-east-2");'],
    ["above it, with more to say", '/* gameday-allow: an example */\n// and more\n\nf("us-east-2");'],
    ["for this rule", '// gameday-allow regional-arn, region-name: an example\nf("us-east-2");'],
  ])("by a comment %s", (_, text) => {
    const { findings, notices } = scanOf({ "a.ts": text });
    expect(findings.map(({ allowed }) => allowed)).toEqual([{ by: "comment", reason: "an example" }]);
    expect(notices).toEqual([]);
  });

  it("by a comment in YAML, in an environment file and in a script", () => {
    const texts = {
      "a.yaml": "a:\n  # gameday-allow: one\n  b: us-east-2\n  c: us-east-2 # gameday-allow: two\n",
      ".env": "# gameday-allow: three\nREGION=us-east-2\n",
      "a.sh": "echo us-east-2 # gameday-allow: four\n",
    };
    expect(scanOf(texts).findings.map(({ allowed }) => allowed?.reason)).toEqual(["one", "two", "three", "four"]);
  });

  it.each([
    ["further down", '// gameday-allow: an example\nf();\ng("us-east-2");', []],
    ["another rule", '// gameday-allow regional-arn: an example\nf("us-east-2");', []],
    ["no reason", '// gameday-allow\nf("us-east-2");', ["a.ts:1: gameday-allow without a reason"]],
    ["an empty reason", '// gameday-allow: \nf("us-east-2");', ["a.ts:1: gameday-allow without a reason"]],
    [
      "a rule that is not",
      '// gameday-allow regions: x\nf("us-east-2");',
      ["a.ts:1: gameday-allow regions: there is no such rule"],
    ],
  ])("not by a comment with %s", (_, text, told) => {
    const { findings, notices } = scanOf({ "a.ts": text });
    expect(findings.map(({ allowed }) => allowed)).toEqual([undefined]);
    expect(notices).toEqual(told.map((one) => expect.stringContaining(one)));
  });

  it("by the configuration: by rule, file, text and the regions asked about, and what is idle is told", () => {
    const allow = [
      { rule: "region-name", files: "docs/**", reason: "examples" },
      { text: "logs-us-east-2", reason: "a name" },
      { files: "b.ts", lost: ["us-west-2"], reason: "only then" },
      { rule: "regional-arn", reason: "idle" },
    ];
    const texts = { "docs/a.ts": 'f("us-east-2")', "b.ts": 'f("us-east-2"); f("logs-us-east-2")' };
    const { findings, notices } = scanOf(texts, { config: { allow } });
    expect(findings.map(({ allowed }) => allowed?.reason)).toEqual(["examples", undefined, "a name"]);
    expect(notices).toEqual([expect.stringContaining("this allows nothing here: regional-arn")]);
  });
});
