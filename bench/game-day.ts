import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { z } from "zod";
import { familyOf } from "../fixtures/lab/processes.ts";
import { readTruth, type TruthLine } from "../fixtures/lab/truth.ts";
import type { History, Result } from "../harness/types.ts";
import { openHistory } from "../history/history.ts";
import { readRunJson } from "../reports/run-json.ts";
import { peakMemory } from "./memory.ts";
import { printRows } from "./spread.ts";

/** Runs a game day several times, as a user does, and prints how its figures spread. Scenario and settings go through: `-- round-trip --deployments 8`. */
const command = new Command()
  .option("--runs <count>", "", Number, 5)
  .option("--keep", "keep the runs' directories")
  .argument("[settings...]", "flags of `gameday run`")
  .allowUnknownOption()
  .parse();
const { runs, keep } = command.opts<{ runs: number; keep?: boolean }>();

interface Figures {
  readonly outcome: string;
  readonly wallSeconds: number;
  readonly toSteadySeconds: number;
  /** Time that the platform took divided by the modelled delays on its way, of each drill. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly heartbeatsPerSecond: number;
  readonly lateP99Ms: number;
  readonly peakGiB: number;
  readonly rtoErrorMs: number;
  readonly probeEveryMs: number;
}

/** TTL of the record that a failover moves, before the lab divides it. */
const ingressTtlSeconds = 60;
const figures: Figures[] = [];
for (let run = 1; run <= runs; run++) {
  const one = await measure(command.args);
  figures.push(one);
  console.log(`run ${run} of ${runs}: ${JSON.stringify(one)}`);
}
const column = (pick: (one: Figures) => number): number[] => figures.map(pick);
const probeEveryMs = figures[0]?.probeEveryMs ?? 1_000;
const dayWithinSeconds = command.args.includes("round-trip") ? 240 : 100;
console.log();
printRows([
  {
    what: "start to steady state",
    unit: "s",
    values: column((f) => f.toSteadySeconds),
    goal: "<= 15 s",
    met: (v) => v <= 15,
  },
  {
    what: "the whole game day",
    unit: "s",
    values: column((f) => f.wallSeconds),
    goal: `<= ${dayWithinSeconds} s`,
    met: (v) => v <= dayWithinSeconds,
  },
  ...Object.keys(figures[0]?.ratios ?? {}).map((drill) => ({
    what: `${drill} / modelled critical path`,
    unit: "",
    values: column((f) => f.ratios[drill] ?? Number.NaN),
    goal: "<= 1.10",
    met: (v: number) => v <= 1.1,
    digits: 3,
  })),
  {
    what: "heartbeats before the fault",
    unit: "/s",
    values: column((f) => f.heartbeatsPerSecond),
    goal: ">= 600 /s",
    met: (v) => v >= 600,
  },
  {
    what: "their lateness, p99",
    unit: "ms",
    values: column((f) => f.lateP99Ms),
    goal: "<= 50 ms",
    met: (v) => v <= 50,
  },
  {
    what: "memory at the peak",
    unit: "GiB",
    values: column((f) => f.peakGiB),
    goal: "<= 8 GiB",
    met: (v) => v <= 8,
    digits: 2,
  },
  {
    what: "RTO against the lab's truth",
    unit: "ms off",
    values: column((f) => f.rtoErrorMs),
    goal: `<= ${probeEveryMs} ms`,
    met: (v) => v <= probeEveryMs,
    digits: 0,
  },
]);
console.log(`\noutcomes: ${figures.map(({ outcome }) => outcome).join(", ")}`);

async function measure(settings: readonly string[]): Promise<Figures> {
  const outDir = await mkdtemp(join(tmpdir(), "gameday-bench-"));
  const began = performance.now();
  const main = join(import.meta.dirname, "..", "cli", "main.ts");
  const child = spawn(process.execPath, ["--import", "tsx", main, "run", "--out-dir", outDir, ...settings], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = `${said}${text}`.slice(-2_000);
  });
  // The supervisor and the engine are children of the command, and everything else is theirs. Other labs on this machine are not counted.
  const memory = peakMemory(() => familyOf(child.pid ?? 0));
  const sampling = setInterval(() => memory.look(), 500);
  const exited = Promise.withResolvers<void>();
  child.once("exit", () => exited.resolve());
  await exited.promise;
  clearInterval(sampling);
  const wallSeconds = (performance.now() - began) / 1_000;
  const [name] = await readdir(outDir).catch(() => []);
  if (name === undefined) throw new Error(`the run left nothing to read; it said last:\n${said}`);
  const directory = join(outDir, name);
  const result = await readRunJson(join(directory, "run.json"));
  const history = await openHistory(join(directory, "history.ndjson"));
  const truth = readTruth(join(directory, "lab-truth.ndjson"));
  const figures: Figures = {
    outcome: result.outcome,
    wallSeconds,
    // What came before the history began is setting up; the run's own clock says when the load stood.
    toSteadySeconds: phaseEnd(history, "load") / 1_000 + setUpSeconds(history, result),
    ratios: ratios(history, truth, result),
    ...heartbeats(history),
    peakGiB: memory.peakBytes() / 2 ** 30,
    rtoErrorMs: rtoErrorMs(result, truth),
    probeEveryMs: result.timing.probeEveryMs,
  };
  if (keep === true) console.log(`kept ${directory}`);
  else await rm(outDir, { recursive: true, force: true });
  return figures;
}

/** From the start of the command to the first op of the history. */
function setUpSeconds(history: History, { startedAt }: Result): number {
  const [start] = [...history.pairs("run", "start")];
  const { wallOriginMs } = z.object({ wallOriginMs: z.number() }).parse(start?.invocation.value);
  return (wallOriginMs - Date.parse(startedAt)) / 1_000;
}

function phaseEnd(history: History, name: string): number {
  for (const { invocation, completion } of history.pairs("run", "phase")) {
    if (Object(invocation.value).phase === name) return completion?.time ?? Number.NaN;
  }
  return Number.NaN;
}

/** Of each drill: from the begin of its first step to the end of its last, by the platform's own times, over what it could not do without. */
function ratios(history: History, truth: readonly TruthLine[], { drills = [] }: Result): Record<string, number> {
  const played = [...history.pairs("run", "drill")];
  return Object.fromEntries(
    drills.map(({ name, to }) => {
      const drill = played.find(({ invocation }) => Object(invocation.value).name === name);
      const from = drill?.invocation.time ?? Number.NaN;
      const until = drill?.completion?.time ?? Number.NaN;
      const steps = [...history.pairs("failover", "step")].filter(
        ({ invocation: { time }, completion }) => time >= from && (completion?.time ?? Number.NaN) <= until,
      );
      const begins = steps.map(({ invocation }) => invocation.time);
      const ends = steps.map(({ completion }) => completion?.time ?? Number.NaN);
      const tookMs = Math.max(...ends) - Math.min(...begins);
      const offsetMs = monotonicOfZero(history);
      const during = truth.filter(
        ({ event, monotonicMs }) =>
          event === "delay" && monotonicMs - offsetMs >= from && monotonicMs - offsetMs <= until,
      );
      return [name, tookMs / criticalPathMs(during, to)];
    }),
  );
}

/** The machine's monotonic time at the run's zero: both clocks are anchored to the same wall. */
function monotonicOfZero(history: History): number {
  const [start] = [...history.pairs("run", "start")];
  const { wallOriginMs } = z.object({ wallOriginMs: z.number() }).parse(start?.invocation.value);
  const wallOfMonotonicZero = performance.timeOrigin + performance.now() - Number(process.hrtime.bigint()) / 1e6;
  return wallOriginMs - wallOfMonotonicZero;
}

/** The modelled delays that a change of region cannot do without, as they were drawn: of delays that many waited, the longest. */
function criticalPathMs(drawn: readonly TruthLine[], to: string): number {
  const longest = (name: string, by?: string): number =>
    Math.max(
      0,
      ...drawn
        .filter((line) => line["name"] === name && (by === undefined || line.by === by))
        .map((line) => Number(line["forMs"])),
    );
  const inRegion = ["stackOverhead", "databaseInstanceCreate", "nodeProvision", "imagePull", "podStart"] as const;
  const anywhere = ["globalFailover", "globalSwitchover", "dnsPropagation"] as const;
  return [...inRegion.map((name) => longest(name, to)), ...anywhere.map((name) => longest(name))].reduce(
    (sum, ms) => sum + ms,
    0,
  );
}

function heartbeats(history: History): { heartbeatsPerSecond: number; lateP99Ms: number } {
  const tally = z.object({ sent: z.number(), ok: z.number(), lateP99Ms: z.number().nullable() });
  const from = phaseEnd(history, "load");
  const fault = [...history.pairs("fault", "inject")][0]?.invocation.time ?? Number.NaN;
  // A tally holds the second before its time.
  const seconds = [...history.pairs("load", "tally")]
    .filter(({ invocation }) => invocation.process === "load/heartbeats")
    .map(({ invocation, completion }) => ({
      second: Number(Object(invocation.value).second),
      value: completion?.value,
    }))
    .filter(({ second }) => second * 1_000 >= from + 1_000 && (second + 1) * 1_000 <= fault)
    .map(({ value }) => tally.parse(value));
  const sent = seconds.reduce((sum, one) => sum + one.ok, 0);
  return {
    heartbeatsPerSecond: sent / seconds.length,
    lateP99Ms: Math.max(...seconds.map(({ lateP99Ms }) => lateP99Ms ?? 0)),
  };
}

/**
 * How far the measured RTOs of the deployments are from what the lab knows, at the worst of them; 0 when they meet. The region froze at one
 * known moment, and the survivor's load balancer knows when it first served a deployment to anybody. A client that had looked the name up just
 * before it moved was free to keep the old answer for its TTL, so the truth for any one client lies between that moment and then.
 */
function rtoErrorMs({ verdicts, timeScale }: Result, truth: readonly TruthLine[]): number {
  const shape = z.object({
    deployments: z.array(z.object({ name: z.string(), low: z.number(), high: z.number().nullable() })),
  });
  const measured = shape.safeParse(
    verdicts.find(({ checker }) => checker === "rto" || checker.endsWith("-rto"))?.details,
  );
  const frozen = truth.find(({ event }) => event === "region-frozen")?.monotonicMs ?? Number.NaN;
  const moved =
    truth.find(({ event, monotonicMs }) => event === "route53-change-published" && monotonicMs > frozen)?.monotonicMs ??
    Number.NaN;
  const keptForMs = Math.max(1, ingressTtlSeconds / timeScale) * 1_000;
  if (!measured.success) return Number.NaN;
  const errors = measured.data.deployments.map(({ name, low, high }) => {
    const served = truth.find(
      (line) => line.event === "served" && line.monotonicMs > frozen && String(line["host"]).startsWith(`${name}.`),
    );
    const earliest = (served?.monotonicMs ?? Number.NaN) - frozen;
    const latest = Math.max(earliest, moved + keptForMs - frozen);
    return Math.max(0, low - latest, earliest - (high ?? Number.POSITIVE_INFINITY));
  });
  return Math.max(...errors);
}
