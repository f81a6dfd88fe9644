import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/**
 * `npm test`: types, lint, tests (the house rules among them) and browser tests, all of them even when one fails. What failed is said again
 * at the end, where it is read first. The last line counts.
 */

interface Count {
  readonly passed: number;
  readonly failed: number;
  /** What failed, and why, as far as the runner's report says. */
  readonly failures?: readonly string[];
}

const root = join(import.meta.dirname, "..");
const results = join(root, ".cache", "results");
const bin = (name: string): string => join(root, "node_modules", ".bin", name);

function runStep(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawn(bin(command), args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...environment },
  });
  child.on("error", () => resolve(false));
  child.on("exit", (code) => resolve(code === 0));
  return promise;
}

async function runVitest(project: string): Promise<Count> {
  const file = join(results, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const ok = await runStep("vitest", ["run", "--project", project, ...reporters]);
  return counted(file, ok, (report) => ({
    passed: Number(report["numPassedTests"]),
    failed: Number(report["numFailedTests"]),
    failures: vitestFailures(report),
  }));
}

interface VitestFile {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly failureMessages: readonly string[];
  }[];
}
function vitestFailures(report: Record<string, unknown>): string[] {
  const files = report["testResults"] as readonly VitestFile[];
  return files.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0 && status === "failed") return [`${file}: ${message}`];
    return failed.map(({ fullName, failureMessages }) => `${file} > ${fullName}: ${failureMessages.join("; ")}`);
  });
}

const whole = (ok: boolean): Count => (ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

/** What a runner's JSON report counts; a runner that wrote none, or failed without a failed test, is one failure. */
function counted(file: string, ok: boolean, read: (report: Record<string, unknown>) => Count): Count {
  try {
    const count = read(JSON.parse(readFileSync(file, "utf8")));
    return ok || count.failed > 0 ? count : { ...count, failed: 1 };
  } catch {
    return whole(false);
  }
}

const steps: Readonly<Record<string, () => Promise<Count>>> = {
  types: async () => whole(await runStep("tsc", ["--noEmit"])),
  lint: async () => whole(await runStep("biome", ["check", "."])),
  unit: () => runVitest("unit"),
  // Alone: a lab beside other tests is late, and a run that is late says *invalid*.
  lab: () => runVitest("lab"),
  browser: async () => {
    const file = join(results, "playwright.json");
    const ok = await runStep("playwright", ["test", "--reporter=list,json"], { PLAYWRIGHT_JSON_OUTPUT_FILE: file });
    return counted(file, ok, ({ stats }) => {
      const { expected, unexpected, flaky } = Object(stats);
      return { passed: Number(expected), failed: Number(unexpected) + Number(flaky) };
    });
  },
};

mkdirSync(results, { recursive: true });
const total = { passed: 0, failed: 0 };
const said: string[] = [];
/** Without colours, and not the whole of a long difference. */
const plain = (text: string): string => stripVTControlCharacters(text).slice(0, 1_500);
for (const [name, step] of Object.entries(steps)) {
  console.log(`\n== ${name}`);
  const { passed, failed, failures = [] } = await step();
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) said.push(...(failures.length > 0 ? failures.map(plain) : [name]));
}
for (const failure of said) console.log(`\nFAILED ${failure}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
