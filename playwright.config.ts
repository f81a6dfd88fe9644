import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

interface Browser {
  readonly executablePath: string;
  /** Where libraries and fonts are that the machine may lack. */
  readonly environment?: Readonly<Record<string, string>>;
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
    const executablePath = await chromium.executablePath();
    const environment = {
      LD_LIBRARY_PATH: join(directory, "al2023", "lib"),
      FONTCONFIG_FILE: await fontsIn(directory),
    };
    return { executablePath, environment };
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

/** The package's own list of fonts knows them under /tmp only; without any a page has no text. */
async function fontsIn(directory: string): Promise<string> {
  const file = join(directory, "fonts.conf");
  const places = [
    '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>',
    `<dir>${join(directory, "fonts")}</dir>`,
    `<cachedir>${join(directory, "fonts-cache")}</cachedir>`,
  ];
  await writeFile(file, `<?xml version="1.0"?>\n<fontconfig>\n${places.join("\n")}\n</fontconfig>\n`);
  return file;
}

const { executablePath, environment } = await findBrowser();

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
      ...(environment === undefined ? {} : { env: { ...definedEnv(), ...environment } }),
    },
  },
});

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
