import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { z } from "zod";
import type { History } from "../harness/types.ts";
import { openHistory } from "../history/history.ts";
import { readRunJson } from "../reports/run-json.ts";
import { rateBetween, watchCpu } from "./cpu-watch.ts";
import { printTable } from "./spread.ts";

/**
 * What a game day costs: CPU seconds per second of each kind of process, phase by phase. The load comes at a fixed rate, so these figures
 * mean the same on a busy machine. Settings of the run go through: `-- --deployments 8`.
 */
const command = new Command()
  .option("--keep", "keep the run's directory")
  .argument("[settings...]", "flags of `gameday run`")
  .allowUnknownOption()
  .parse();
const { keep } = command.opts<{ keep?: boolean }>();

const outDir = await mkdtemp(join(tmpdir(), "gameday-cpu-"));
const main = join(import.meta.dirname, "..", "cli", "main.ts");
const child = spawn(process.execPath, ["--import", "tsx", main, "run", "--out-dir", outDir, ...command.args], {
  stdio: ["ignore", "ignore", "inherit"],
});
const watch = watchCpu(child.pid ?? 0);
const looking = setInterval(() => watch.look(), 250);
await once(child, "exit");
clearInterval(looking);

const [name = ""] = await readdir(outDir);
const directory = join(outDir, name);
const history = await openHistory(join(directory, "history.ndjson"));
const { outcome, timing } = await readRunJson(join(directory, "run.json"));
const phases = phasesOf(history, timing.steadyMs);
const rates = phases.map(({ fromMs, untilMs }) => rateBetween(watch.looks, fromMs, untilMs));
const kinds = [...new Set(rates.flatMap((rate) => [...rate.keys()]))];
const sum = (rate: ReadonlyMap<string, number>): number => [...rate.values()].reduce((total, one) => total + one, 0);
const shown = (value = 0): string => value.toFixed(3);

console.log("\nCPU seconds per second");
printTable(
  [
    "kind of process",
    ...phases.map(({ title, fromMs, untilMs }) => `${title} (${Math.round((untilMs - fromMs) / 1_000)} s)`),
  ],
  [
    ...kinds
      .toSorted((a, b) => Math.max(...rates.map((r) => r.get(b) ?? 0)) - Math.max(...rates.map((r) => r.get(a) ?? 0)))
      .filter((kind) => rates.some((rate) => (rate.get(kind) ?? 0) >= 0.0005))
      .map((kind) => [kind, ...rates.map((rate) => shown(rate.get(kind)))]),
    ["together", ...rates.map((rate) => shown(sum(rate)))],
  ],
);
const whole = watch.looks.at(-1)?.secondsByKind ?? new Map<string, number>();
console.log(`\nthe whole day: ${sum(whole).toFixed(1)} CPU seconds, outcome ${outcome}`);
if (keep === true) console.log(`kept ${directory}`);
else await rm(outDir, { recursive: true, force: true });

interface Phase {
  readonly title: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Phases of the run in wall time: the steady seconds before the fault, the outage with its failover, the return of all, and what follows the heal. */
function phasesOf(history: History, steadyMs: number): readonly Phase[] {
  const [start] = [...history.pairs("run", "start")];
  const { wallOriginMs } = z.object({ wallOriginMs: z.number() }).parse(start?.invocation.value);
  const spans = new Map(
    [...history.pairs("run", "phase")].map(({ invocation, completion }) => [
      String(Object(invocation.value).phase),
      { beganMs: wallOriginMs + invocation.time, endedMs: wallOriginMs + (completion?.time ?? Number.NaN) },
    ]),
  );
  const began = (phase: string): number => spans.get(phase)?.beganMs ?? Number.NaN;
  const ended = (phase: string): number => spans.get(phase)?.endedMs ?? Number.NaN;
  return [
    { title: "steady", fromMs: ended("steady") - steadyMs, untilMs: ended("steady") },
    { title: "failover", fromMs: began("failover"), untilMs: ended("failover") },
    { title: "recovery", fromMs: began("recovery"), untilMs: ended("recovery") },
    { title: "stock", fromMs: began("stock"), untilMs: ended("stock") },
    { title: "heal", fromMs: began("heal"), untilMs: ended("heal") },
    { title: "healed", fromMs: ended("heal"), untilMs: ended("settle") },
  ].filter(({ fromMs, untilMs }) => untilMs > fromMs);
}
