import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `npm test`: types, lint, tests (the house rules among them) and browser tests, all of them even when one fails. The last line counts. */

interface Count {
  readonly passed: number;
  readonly failed: number;
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
  return counted(file, ok, ({ numPassedTests, numFailedTests }) => ({
    passed: Number(numPassedTests),
    failed: Number(numFailedTests),
  }));
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
for (const [name, step] of Object.entries(steps)) {
  console.log(`\n== ${name}`);
  const { passed, failed } = await step();
  total.passed += passed;
  total.failed += failed;
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
