import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const withinMs = 600_000;

/**
 * Builds k6 from its Go module beside its place in the cache, and moves it there when it is whole. Gives what went wrong, or undefined.
 * `go install` asks the module proxy for a list of versions, which not every proxy has; a module of our own that requires k6 does not.
 */
export async function buildK6({
  go,
  version,
  into,
  env,
  signal,
}: {
  go: string;
  version: string;
  into: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}): Promise<string | undefined> {
  let work: string | undefined;
  try {
    await mkdir(dirname(into), { recursive: true });
    work = await mkdtemp(join(dirname(into), "building-"));
    const directory = work;
    const options = { cwd: directory, timeout: withinMs, ...(signal ? { signal } : {}) };
    const call = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
      run(go, args, { ...options, env: { ...env, CGO_ENABLED: "0", GOFLAGS: "-trimpath", GOBIN: directory, ...more } });
    const module = `go.k6.io/k6/v2@v${version}`;
    const built = join(directory, "k6");
    // A module's programs are named after the last part of their path that is not a version.
    await call(["install", module]).catch(async () => {
      signal?.throwIfAborted();
      await call(["mod", "init", "build"]);
      await call(["get", module]);
      await call(["build", "-o", built, "go.k6.io/k6/v2"]);
    });
    await rename(built, into);
    return undefined;
  } catch (error) {
    return lastLine(error);
  } finally {
    // Go's module cache is its own; this directory holds only the build.
    if (work !== undefined) await rm(work, { recursive: true, force: true });
  }
}

const lastLine = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n").at(-1) ?? text;
};
