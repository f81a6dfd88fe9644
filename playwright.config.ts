import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

interface Browser {
  readonly executablePath: string;
  /** Where libraries are that the machine may lack. */
  readonly libraries?: string;
}

const named = process.env["GAMEDAY_CHROMIUM"];
const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

async function findBrowser(): Promise<Browser> {
  if (named !== undefined) {
    if (existsSync(named)) return { executablePath: named };
    throw new Error(`GAMEDAY_CHROMIUM names ${named}, which does not exist`);
  }
  const executablePath = installed.find((path) => existsSync(path));
  return executablePath === undefined ? unpacked() : { executablePath };
}

/** The Chromium that npm brought, an optional dependency. It is unpacked once for each user, with libraries that small machines lack. */
async function unpacked(): Promise<Browser> {
  const directory = join(import.meta.dirname, ".cache", `chromium-${process.getuid?.() ?? "user"}`);
  await mkdir(directory, { recursive: true });
  const before = { TMPDIR: process.env["TMPDIR"], AWS_EXECUTION_ENV: process.env["AWS_EXECUTION_ENV"] };
  // The package unpacks to the directory for temporary files, and its libraries only where it takes the machine for AWS Lambda.
  Object.assign(process.env, { TMPDIR: directory, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" });
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    return { executablePath: await chromium.executablePath(), libraries: join(directory, "al2023", "lib") };
  } catch (cause) {
    throw new Error(
      "no browser: install chromium (apt-get install chromium), or name one in GAMEDAY_CHROMIUM; @sparticuz/chromium of npm is not there either",
      { cause },
    );
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

const { executablePath, libraries } = await findBrowser();

// What needs a browser. One worker: the machine may have two cores, and a report is opened, not loaded.
export default defineConfig({
  testMatch: "**/*.spec.ts",
  testIgnore: ["**/node_modules/**", "**/.cache/**"],
  workers: 1,
  retries: 0,
  reporter: "list",
  use: {
    browserName: "chromium",
    launchOptions: {
      executablePath,
      // The kernel's sandbox is not to be had as root, nor in most containers; only pages of our own are opened.
      chromiumSandbox: false,
      args: ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
      ...(libraries === undefined ? {} : { env: { ...definedEnv(), LD_LIBRARY_PATH: libraries } }),
    },
  },
});

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
