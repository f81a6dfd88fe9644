import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = import.meta.dirname;

/** What each folder may import besides itself and packages. Imports point one way; `harness/…` entries are single files. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  harness: ["history"],
  history: ["harness"],
  checkers: ["harness/types", "harness/egress", "harness/errors", "harness/words", "history"],
  scan: ["harness/types", "harness/errors", "harness/words", "checkers"],
  reports: ["harness/types", "harness/errors", "harness/words", "harness/random", "history", "checkers", "scan"],
  load: [
    "harness/types",
    "harness/name-cache",
    "harness/until",
    "harness/errors",
    "harness/clock",
    "harness/random",
    "harness/priority",
  ],
  faults: ["harness/types", "harness/until", "harness/errors", "harness/answers"],
  failover: ["harness/types", "harness/until", "harness/errors"],
  probes: [
    "harness/types",
    "harness/name-cache",
    "harness/egress",
    "harness/acts",
    "harness/until",
    "harness/errors",
    "harness/answers",
  ],
  scenarios: ["harness", "load", "faults", "failover", "probes", "checkers"],
  platform: [],
  fixtures: ["harness", "platform"],
  cli: [
    "harness",
    "history",
    "checkers",
    "reports",
    "load",
    "faults",
    "failover",
    "probes",
    "scenarios",
    "fixtures",
    "scan",
  ],
  bench: [
    "harness",
    "history",
    "checkers",
    "reports",
    "load",
    "faults",
    "failover",
    "probes",
    "scenarios",
    "fixtures",
    "cli",
  ],
};

/** The one place each for time and dice in the harness. */
const clockFiles = new Set(["harness/clock.ts", "harness/until.ts", "harness/random.ts"]);
const timedFolders = ["harness", "history", "checkers", "faults", "failover", "probes", "scenarios"];
/** Loaded into other people's processes, where none of ours is: it stands on Node alone, and has no run's clock. */
const recorderFolder = "probes/egress/recorder/";

interface Source {
  readonly file: string;
  readonly text: string;
}

/** Imports of a file that break the directions, as sentences. */
function strayImports({ file, text }: Source): readonly string[] {
  const folder = file.split("/")[0] ?? "";
  const mayImport = allowed[folder];
  if (mayImport === undefined || !file.includes("/")) return [];
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].flatMap(([, target = ""]) => {
    const path = relative(root, join(root, dirname(file), target)).replace(/\.ts$/, "");
    const fine = path.startsWith(`${folder}/`) || mayImport.some((one) => path === one || path.startsWith(`${one}/`));
    return fine ? [] : [`${file} imports ${path}`];
  });
}

/** Bare time or dice outside their files, as sentences. */
function strayTime({ file, text }: Source): readonly string[] {
  const folder = file.split("/")[0] ?? "";
  if (!timedFolders.includes(folder) || clockFiles.has(file) || file.includes(".test.")) return [];
  if (file.startsWith(recorderFolder)) return [];
  return [...text.matchAll(/\b(Date\.now|Math\.random|setTimeout|setInterval)\(/g)].map(
    ([found]) => `${file} calls ${found})`,
  );
}

const sources: readonly Source[] = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"],
  { cwd: root, encoding: "utf8" },
)
  .split("\n")
  .filter((file) => file !== "" && !file.endsWith(".d.ts"))
  .flatMap((file) => {
    try {
      return [{ file, text: readFileSync(join(root, file), "utf8") }];
    } catch {
      return []; // Removed, and git does not know yet.
    }
  });

describe("the house rules that a machine can check", () => {
  it("imports point one way", () => {
    expect(
      sources.filter(({ file }) => !file.includes(".test.") && !file.includes(".spec.")).flatMap(strayImports),
    ).toEqual([]);
  });

  it("time and dice have one place each", () => {
    expect(sources.flatMap(strayTime)).toEqual([]);
  });

  it("sees a stray import and stray time when there is one", () => {
    expect(strayImports({ file: "probes/x.ts", text: 'import { judge } from "../harness/judge.ts";' })).toEqual([
      "probes/x.ts imports harness/judge",
    ]);
    expect(
      strayImports({ file: "platform/a/x.ts", text: 'import type { Run } from "../../harness/types.ts";' }),
    ).toHaveLength(1);
    expect(strayTime({ file: "probes/x.ts", text: "await setTimeout(100)" })).toHaveLength(1);
  });

  it("the egress recorder stands on Node alone", () => {
    const own = sources.filter(({ file }) => new RegExp(`^${recorderFolder}[^/]+(?<!\\.test)\\.ts$`).test(file));
    const stray = own.flatMap(({ file, text }) =>
      [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].flatMap(([, target = ""]) =>
        /^(node:|\.\/)/.test(target) ? [] : [`${file} imports ${target}`],
      ),
    );
    expect([own.length > 5, stray]).toEqual([true, []]);
  });

  it("keeps no packages, nor a link to them: checking it out elsewhere would put it in their place", () => {
    const kept = execFileSync("git", ["ls-files", "node_modules"], { cwd: root, encoding: "utf8" });
    expect(kept).toBe("");
  });

  it("names no path of one machine", () => {
    expect(
      sources
        .filter(({ text }) => /(^|[^a-zA-Z.])\/(work|farm)\//.test(text.replaceAll("/(work|farm)/", "")))
        .map(({ file }) => file),
    ).toEqual([]);
  });
});
