import { describe, expect, it } from "vitest";
import { findingsIn, scanOf } from "../testing.ts";
import { contentsOf } from "./index.ts";

describe("positions", () => {
  it.each([
    ["a.ts", 'const a = 1;\nconst at = f("x", "in us-east-2");', "region-name 2:23 us-east-2"],
    ["a.tsx", "const a = <p title='x'>\n  us-east-2</p>;", "region-name 2:3 us-east-2"],
    ["a.js", `const t = \`one\n \${f(\`}\`)} two us-east-2\`;`, "region-name 2:16 us-east-2"],
    ["a.yaml", "a: &x\n  - 'us-east-2'\nb: *x\n", "region-name 2:6 us-east-2"],
    ["a.yaml", "script: |\n  echo one\n  aws s3 ls --region us-east-2\n", "region-name 3:22 us-east-2"],
    ["a.yaml", "a: 1\n---\nb: us-east-2\n", "region-name 2:4 us-east-2".replace("2:4", "3:4")],
    ["a.json", '{\r\n\t"a": ["us-east-2"]\r\n}', "region-name 2:9 us-east-2"],
    [".env.production", "A=1\r\nexport REGION=us-east-2\r\n", "region-name 2:15 us-east-2"],
    ["Dockerfile", "FROM scratch\nENV REGION us-east-2", "region-name 2:12 us-east-2"],
  ])("of %s %j", (path, text, found) => expect(findingsIn(path, text)).toEqual([found]));
});

it("strings inside a template's expressions are seen once, and what surrounds them does not run together", () => {
  expect(findingsIn("a.ts", `const a = \`x\${b ? "us-east-2" : c}us-east-2 \${d}\`;`)).toEqual([
    "region-name 1:20 us-east-2",
    "region-name 1:35 us-east-2",
  ]);
});

it("code that runs is read in all its places", () => {
  const text = [
    'enum Region { Ohio = "us-east-2" }',
    'class A { at = "us-east-2"; #b = "us-east-2" as const; }',
    'const c = { "us-east-2": 1 } satisfies object;',
    'function d(region = "us-east-2") { return region!; }',
    'export default "us-east-2";',
    'await import("./x.ts"); using e = f("us-east-2");',
  ].join("\n");
  expect(findingsIn("a.ts", text)).toHaveLength(7);
});

it("fields and objects are told", () => {
  const text = `
- kind: Deployment
  metadata: { name: web }
  spec:
    template: { spec: { containers: [{ image: registry.us-east-2.example/web, env: [{ name: BUCKET, value: logs-us-east-2 }] }] } }
`;
  expect(scanOf({ "a.yaml": text }).findings.map(({ message }) => message)).toEqual([
    "Deployment web: registry.us-east-2.example/web is pulled from a registry in us-east-2 (spec…spec.containers.image)",
    "Deployment web: logs-us-east-2 names us-east-2 (spec…containers.env.BUCKET)",
  ]);
  const stack = "Resources:\n  Alarm:\n    Type: AWS::CloudWatch::Alarm\n    Properties: { Topic: !Sub 'x-us-east-2' }";
  expect(scanOf({ "stack.template": stack }).findings[0]?.message).toBe(
    "resource Alarm (AWS::CloudWatch::Alarm): x-us-east-2 names us-east-2 (Resources.Alarm.Properties.Topic)",
  );
});

it("a password beside what was found is not told", () => {
  const [found] = scanOf({
    "a.ts": 'f("postgres://me:hunter2@acme.us-east-2.rds.example/x", "//u:pw-us-east-2@h")',
  }).findings;
  expect(JSON.stringify(found)).not.toContain("hunter2");
  expect(scanOf({ "a.ts": 'f("//u:pw-us-east-2@h")' }).findings[0]?.message).toBe("us-east-2 is named");
});

it("a file that is not in its language is read as lines, and said so", () => {
  const yaml = scanOf({ "chart.yaml": "{{- if .x }}\nregion: us-east-2\n{{ end }}: [" });
  expect(yaml.findings).toMatchObject([{ rule: "region-name", line: 2 }]);
  expect(yaml.notices).toEqual([expect.stringMatching(/^chart\.yaml was read as plain lines: /)]);
  const code = scanOf({ "a.ts": "const = ;; us-east-2" });
  expect(code.notices).toEqual([expect.stringMatching(/^a\.ts was read as plain lines: /)]);
  expect(code.findings).toHaveLength(1);
});

it("modules that are loaded are told apart from types", () => {
  const text = [
    'import a from "./a.ts";',
    'import type b from "./b.ts";',
    'import { type C } from "./c.ts";',
    'import "./d.ts";',
    'export * from "./e.ts";',
    'export type { F } from "./f.ts";',
    'const g = await import("./g.ts");',
    'const h = require("./h.cjs");',
  ].join("\n");
  expect(contentsOf({ path: "x.ts", text }).imports).toEqual(["./a.ts", "./d.ts", "./e.ts", "./g.ts", "./h.cjs"]);
});
