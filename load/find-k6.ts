import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { buildK6 } from "./build-k6.ts";

export interface FoundK6 {
  readonly file: string;
  readonly version: string;
  readonly where: string;
}
export interface NoK6 {
  /** What was looked for, and where. */
  readonly missing: string;
  readonly hint: string;
}

export interface K6Search {
  readonly env?: NodeJS.ProcessEnv;
  /** Whether to build k6 when Go is there: it takes a minute or two, once. */
  readonly build?: boolean;
  readonly progress?: (sentence: string) => void;
  readonly signal?: AbortSignal;
}

/** The oldest k6 whose options the script uses, and the one that is built where there is none. */
export const k6Version = "2.2.0";
const run = promisify(execFile);

/** Looks for k6 on the PATH, then in the user's cache; builds it into the cache when Go is there. */
export async function findK6({
  env = process.env,
  build = true,
  progress = (sentence) => console.error(sentence),
  signal,
}: K6Search = {}): Promise<FoundK6 | NoK6> {
  const cache = join(env["XDG_CACHE_HOME"] || join(env["HOME"] || homedir(), ".cache"), "gameday", "bin");
  const cached = join(cache, `k6-${k6Version}`);
  const unfit: string[] = [];
  const candidates = [
    { file: await onPath("k6", env), where: "found on PATH" },
    { file: cached, where: "found in the cache" },
  ];
  for (const { file, where } of candidates) {
    if (file === undefined || !(await runnable(file))) continue;
    const version = await versionOf(file, env);
    if (version !== undefined && isAtLeast(version, k6Version)) return { file, version, where };
    unfit.push(version === undefined ? `${file} does not run` : `${file} is ${version}`);
  }

  const missing = [`no k6 of at least ${k6Version} on PATH or in ${cache}`, ...unfit].join("; ");
  const hint = `put k6 (at least ${k6Version}) on the PATH, or install Go (at least 1.25) so that it can be built; \`engine: "builtin"\` needs neither`;
  const go = await onPath("go", env);
  if (go === undefined) return { missing: `${missing}; no Go to build it with`, hint };
  if (!build) return { missing, hint };
  progress(`building k6 ${k6Version} with ${go} into ${cached}, once: this takes a minute or two`);
  const trouble = await buildK6({ go, version: k6Version, into: cached, env, ...(signal ? { signal } : {}) });
  signal?.throwIfAborted();
  if (trouble !== undefined) return { missing: `${missing}; Go could not build it: ${trouble}`, hint };
  return { file: cached, version: k6Version, where: "built with Go" };
}

async function onPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const directory of (env["PATH"] ?? "").split(delimiter).filter((part) => part !== "")) {
    const file = join(directory, name);
    if (await runnable(file)) return file;
  }
  return undefined;
}

const runnable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

/** `k6 v2.2.0 (go1.26.8, linux/amd64)`; undefined when it does not run. */
async function versionOf(file: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout } = await run(file, ["version"], { env, timeout: 10_000 });
    return /\bv(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

export function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((one) => one.split(".").map(Number)) as [number[], number[]];
  const differs = want.findIndex((part, place) => part !== have[place]);
  return differs === -1 || (have[differs] ?? 0) > (want[differs] ?? 0);
}
