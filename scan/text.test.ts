import { expect, it } from "vitest";
import { scanOf } from "./testing.ts";
import { isOpen, textOf } from "./text.ts";

it("tells what is open by file, what is allowed by reason, and what was left out", () => {
  const scan = scanOf(
    {
      "main.ts": 'import "./dns.ts";',
      "dns.ts": 'import { GetChangeCommand as G } from "@aws-sdk/client-route-53";\nnew G({});\nf("acme-us-east-2");',
      "example.ts": 'f("us-east-2")',
    },
    { config: { failoverPath: "main.ts", allow: [{ files: "example.ts", reason: "an example" }] } },
  );
  expect(textOf({ ...scan, leftOut: [{ reason: "tests", files: 2 }] }).split("\n")).toEqual([
    "dns.ts (loaded by main.ts)",
    "      2:5  warning  global-control-plane  GetChange is served by us-east-1: Route 53's records are changed in us-east-1",
    "      3:9  error    region-name           acme-us-east-2 names us-east-2",
    "",
    "allowed: an example",
    "  example.ts:1:4  region-name           us-east-2 is named",
    "",
    "3 files scanned for what points at us-east-2, 2 left out as tests",
    "1 error, 1 warning, no note, 1 allowed finding",
  ]);
});

it("what fails a scan is an error or a warning that nobody has allowed", () => {
  const { findings } = scanOf(
    {
      "a.ts": 'f("us-east-2")',
      "b.ts": 'f("us-east-2") // gameday-allow: example',
      "c.ts": 'import { GetRoleCommand } from "@aws-sdk/client-iam";\nnew GetRoleCommand({});',
    },
    { config: { failoverPath: "none.ts" } },
  );
  expect(findings.map((one) => [one.file, isOpen(one)])).toEqual([
    ["a.ts", true],
    ["b.ts", false],
    ["c.ts", false],
  ]);
});
