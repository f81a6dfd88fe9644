import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { written as linesOf } from "../history/literal.ts";
import { egressHistory } from "../reports/example/egress.ts";
import { report } from "./report.ts";
import { type ScanFlags, scanFiles } from "./scan.ts";

const repository = join(import.meta.dirname, "..");
const root = mkdtempSync(join(tmpdir(), "scan-"));
afterAll(() => rmSync(root, { recursive: true }));

const write = (path: string, text: string | Uint8Array): void => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
};
write("clean/a.ts", `export const bucket = (region: string) => \`acme-\${region}\`;`);
write("bad/a.yaml", "region: us-east-2");
write("bad/deep/b.ts", 'f("us-east-2")');
write("bad/b.test.ts", 'f("us-east-2")');
write("bad/README.md", "us-east-2");
write("bad/node_modules/x/index.js", 'f("us-east-2")');
write("bad/picture.png", Buffer.from([0x89, 0x50, 0, 1]));
write("bad/large.txt", "us-east-2\n".repeat(200_000));

let printed: string;
beforeEach(() => {
  printed = "";
  vi.spyOn(console, "log").mockImplementation((text: string) => {
    printed += `${text}\n`;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});
const asked = (paths: readonly string[], flags: ScanFlags = {}): Promise<number> =>
  scanFiles(paths, { region: ["us-east-2"], ...flags }, root);

describe("gameday scan", () => {
  it("of a clean tree is 0", async () => {
    expect(await asked(["clean"])).toBe(0);
    expect(printed).toBe(
      "1 file scanned for what points at us-east-2\nno error, no warning, no note, no allowed finding\n",
    );
  });

  it("is 1 for what is found, and tells what was not read", async () => {
    expect(await asked(["bad", "bad/a.yaml"])).toBe(1);
    expect(printed).toContain("bad/a.yaml\n      1:9  error    region-name           us-east-2 is named\n");
    expect(printed).toContain("bad/deep/b.ts\n");
    expect(printed).toContain("2 files scanned");
    for (const left of [
      "1 left out as documentation",
      "1 left out as tests",
      "1 left out as binary",
      "1 left out as too large",
    ])
      expect(printed).toContain(left);
    expect(printed).toContain("2 errors");
  });

  it("is 0 where the configuration allows it, for the regions that it names", async () => {
    write("allow.json", JSON.stringify({ regions: ["us-east-2"], paths: ["bad"], allow: [{ reason: "a drill" }] }));
    expect(await scanFiles([], { config: "allow.json" }, root)).toBe(0);
    expect(printed).toContain("allowed: a drill\n");
    expect(printed).toContain("no error, no warning, no note, 2 allowed findings");
  });

  it("writes SARIF", async () => {
    expect(await asked(["bad"], { sarif: join(root, "out.sarif") })).toBe(1);
    const log = JSON.parse(readFileSync(join(root, "out.sarif"), "utf8"));
    expect(log.runs[0].results).toHaveLength(2);
    expect(readFileSync(join(root, "out.sarif"), "utf8")).not.toContain(root);
  });

  it.each<[string, readonly string[], ScanFlags, string]>([
    ["a path that is not there", ["nowhere"], {}, "there is nothing to scan at nowhere"],
    ["a region that cannot be", ["clean"], { region: ["useast2"] }, '"useast2" is not the name of a region'],
    ["a configuration that is not there", ["clean"], { config: "no.json" }, "no.json cannot be read"],
    ["a SARIF file that cannot be", ["clean"], { sarif: join(root, "no", "x.sarif") }, "x.sarif cannot be written"],
  ])("refuses %s", async (_, paths, flags, message) => {
    const refused = asked(paths, flags);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe("gameday scan --run", () => {
  const written = (name: string): string => readFileSync(join(root, "run", name), "utf8");
  beforeEach(() => {
    rmSync(join(root, "run"), { recursive: true, force: true });
    write("run/history.ndjson", linesOf(egressHistory()));
    write("platform/orchestrator/settings.ts", 'export const home = "us-east-2";');
  });

  it("asks about the region that the run lost, and shows both in its report, from then on", async () => {
    expect(await scanFiles(["platform"], { run: "run" }, root)).toBe(1);
    expect(printed).toContain("scanned for what points at us-east-2");
    expect(printed).toContain(
      "settings.ts\n     1:22  error    region-name           us-east-2 is named [seen 3 times",
    );
    expect(JSON.parse(written("scan.json"))).toMatchObject({ schema: "gameday.scan/1", run: { lost: "us-east-2" } });
    expect(written("report.html")).toContain('<section id="scan">');
    const before = written("report.html");
    vi.spyOn(process.stdout, "write").mockImplementation(() => true);
    await report(join(root, "run"));
    expect(written("report.html")).toBe(before);
  });

  it.each<[string, ScanFlags, string]>([
    ["of another region than was lost", { region: ["us-west-2"] }, "--region us-west-2: that run lost us-east-2"],
    ["that is not there", { run: "no-run" }, "history.ndjson cannot be read"],
  ])("refuses a run %s", async (_, flags, message) => {
    const refused = scanFiles(["platform"], { run: "run", ...flags }, root);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe("the platform", () => {
  it.each(["us-east-2", "us-west-2"])(
    "has nothing that points at %s but what is allowed with its reason",
    async (region) => {
      expect([await scanFiles([], { region: [region] }, repository), printed]).toEqual([0, expect.any(String)]);
      expect(printed).not.toContain("notice:");
    },
  );

  it("has what fails when us-east-1 is lost: the record of step 4, and the name of step 1's instance", async () => {
    expect(await scanFiles([], { region: ["us-east-1"] }, repository)).toBe(1);
    expect(printed).toMatch(
      /aws\/records\.ts \(loaded by platform\/orchestrator\/failover\.ts > .*dns-move-record\.ts\)\n/,
    );
    expect(printed).toMatch(/error {4}global-control-plane {2}ChangeResourceRecordSets is served by us-east-1/);
    expect(printed).toMatch(/error {4}hidden-control-plane {2}AWS::RDS::DBInstance needs us-east-1 too/);
  });
});
