import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findK6, isAtLeast, k6Version } from "./find-k6.ts";

let root: string;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "gameday-find-k6-"));
  env = { HOME: root, PATH: [join(root, "first"), join(root, "second")].join(":") };
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function program(directory: string, name: string, script: string, mode = 0o755): Promise<string> {
  await mkdir(join(root, directory), { recursive: true });
  const file = join(root, directory, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, mode);
  return file;
}
const k6 = (version: string): string => `echo "k6 v${version} (go1.26.8, linux/amd64)"`;
const cache = ".cache/gameday/bin";
const said: string[] = [];
const search = (more: NodeJS.ProcessEnv = {}) =>
  findK6({ env: { ...env, ...more }, progress: (sentence) => said.push(sentence) });

test("the first k6 on the PATH is taken", async () => {
  await program("first", "k6", "exit 1", 0o644);
  const file = await program("second", "k6", k6("2.3.1"));
  expect(await search()).toEqual({ file, version: "2.3.1", where: "found on PATH" });
});

test("a k6 that is too old is passed over for the one in the cache", async () => {
  await program("first", "k6", k6("2.1.9"));
  const file = await program(cache, `k6-${k6Version}`, k6(k6Version));
  expect(await search()).toEqual({ file, version: k6Version, where: "found in the cache" });
});

test("the cache is where the user keeps caches", async () => {
  const file = await program("elsewhere/gameday/bin", `k6-${k6Version}`, k6(k6Version));
  expect(await search({ XDG_CACHE_HOME: join(root, "elsewhere") })).toMatchObject({ file });
});

test("with neither k6 nor Go, what is missing and what would help are said", async () => {
  const old = await program("first", "k6", k6("1.7.1"));
  const broken = await program(cache, `k6-${k6Version}`, "exit 3");
  expect(await search()).toEqual({
    missing: `no k6 of at least ${k6Version} on PATH or in ${join(root, cache)}; ${old} is 1.7.1; ${broken} does not run; no Go to build it with`,
    hint: expect.stringContaining("install Go"),
  });
});

test("Go builds k6 into the cache, by a module of our own where the proxy does not list versions", async () => {
  const go = await program(
    "first",
    "go",
    `echo "$1 CGO_ENABLED=$CGO_ENABLED" >> "${"$"}HOME/calls"
     case "$1" in
       install) echo "reading list: 404 Not Found" >&2; exit 1;;
       build) printf '#!/bin/sh\\n${k6(k6Version)}\\n' > "$3"; chmod +x "$3";;
     esac`,
  );
  const file = join(root, cache, `k6-${k6Version}`);
  said.length = 0;
  expect(await search({ PATH: `${env["PATH"]}:/usr/bin:/bin` })).toEqual({
    file,
    version: k6Version,
    where: "built with Go",
  });
  expect(said).toEqual([expect.stringContaining(`building k6 ${k6Version} with ${go}`)]);
  expect(await readdir(join(root, cache))).toEqual([`k6-${k6Version}`]);
});

test("a build that fails leaves nothing behind and says what Go said", async () => {
  await program("first", "go", 'echo "$1: no such host" >&2; exit 1');
  expect(await search()).toMatchObject({
    missing: expect.stringContaining("Go could not build it: mod: no such host"),
  });
  expect(await readdir(join(root, cache))).toEqual([]);
});

test.each([
  ["2.2.0", true],
  ["2.10.0", true],
  ["3.0.0", true],
  ["2.1.99", false],
  ["1.9.9", false],
])("%s is at least 2.2.0: %s", (version, yes) => {
  expect(isAtLeast(version, "2.2.0")).toBe(yes);
});
