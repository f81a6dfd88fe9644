import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { z } from "zod";
import { startClock } from "../harness/clock.ts";
import { DidNotHappen } from "../harness/errors.ts";
import type { Op, Pair } from "../harness/types.ts";
import { type Journal, openJournal } from "../history/journal.ts";
import { lines } from "../history/line.ts";
import { exampleHistory } from "../reports/example-history.ts";
import { longDay } from "./long-day.ts";
import { printRows } from "./spread.ts";

/**
 * How fast a history is written, through the journal's own door, and how fast and in how much memory a long one is judged: opened, its chain
 * checked, asked by all checkers of `lose-primary-region`, in a process of its own.
 */
const options = new Command()
  .option("--runs <count>", "", Number, 5)
  .option("--ops <count>", "of the day that is judged", Number, 10_000_000)
  .option("--written <count>", "ops written in each run", Number, 2_000_000)
  .parse()
  .opts<{ runs: number; ops: number; written: number }>();

/** As many as probes have under way at one time. */
const atOnce = 64;
const directory = await mkdtemp(join(tmpdir(), "gameday-history-"));
try {
  const perSecond = await several(() => written(join(directory, "written.ndjson"), options.written));
  const file = join(directory, "history.ndjson");
  await pipeline(chunks(longDay(options.ops)), createWriteStream(file));
  const judgements = await several(() => judged(file));
  const [last] = judgements;
  console.log(
    `\njudged: ${last?.ops.toLocaleString("en-US")} ops, ${((await stat(file)).size / 2 ** 30).toFixed(2)} GiB, outcome ${last?.outcome}\n`,
  );
  printRows([
    {
      what: "history written",
      unit: "ops/s",
      values: perSecond,
      goal: ">= 200,000 ops/s",
      met: (value) => value >= 200_000,
      digits: 0,
    },
    {
      what: "judged, from the start of the process to its end",
      unit: "s",
      values: judgements.map(({ wholeSeconds }) => wholeSeconds),
      goal: "<= 30 s",
      met: (value) => value <= 30,
    },
    {
      what: "of it opening and checking the chain",
      unit: "s",
      values: judgements.map(({ openSeconds }) => openSeconds),
      goal: "",
      met: () => true,
    },
    {
      what: "memory at the peak (resident)",
      unit: "GiB",
      values: judgements.map(({ peakBytes }) => peakBytes / 2 ** 30),
      goal: "<= 2 GiB",
      met: (value) => value <= 2,
      digits: 2,
    },
  ]);
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function several<T>(once: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let run = 0; run < options.runs; run++) all.push(await once());
  return all;
}

/** Ops per second, from the first one to the last one's being on the disk: what load and probes of the example write, again and again. */
async function written(file: string, ops: number): Promise<number> {
  const example = exampleHistory();
  const pairs = [...example.pairs("load"), ...example.pairs("probe")].filter(
    ({ completion }) => JSON.stringify(completion?.value ?? 0).length < 10_000,
  );
  const began = performance.now();
  {
    await using journal = openJournal({ file, clock: startClock() });
    for (let n = 0; journal.ops < ops; n = (n + atOnce) % pairs.length)
      await Promise.all(pairs.slice(n, n + atOnce).map((pair) => write(journal, pair)));
  }
  const seconds = (performance.now() - began) / 1_000;
  await rm(file);
  return ops / seconds;
}

/** What load saw elsewhere is told after the fact; what probes do is recorded while it is done. */
async function write(journal: Journal, { invocation, completion }: Pair): Promise<void> {
  const { process, f, value, time } = invocation;
  const { type = "info", value: result, error } = completion ?? {};
  if (process.startsWith("load/")) {
    const told = { ...(result === undefined ? {} : { result }), ...(error === undefined ? {} : { error }) };
    journal.observe({ process, f, value, began: time, ended: completion?.time ?? time, type, ...told });
    return;
  }
  await journal.record({ process, f, value }, async () => {
    if (type === "fail") throw new DidNotHappen(error ?? "", result);
    if (type === "info") throw new Error(error);
    return result;
  });
}

function* chunks(ops: Iterable<Op>): Generator<string> {
  const lineOf = lines();
  let text = "";
  for (const op of ops) {
    text += lineOf(op);
    if (text.length < 1 << 20) continue;
    yield text;
    text = "";
  }
  yield text;
}

async function judged(file: string) {
  const began = performance.now();
  const child = spawn(process.execPath, [...process.execArgv, join(import.meta.dirname, "judge-history.ts"), file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [told] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const wholeSeconds = (performance.now() - began) / 1_000;
  const figures = z.object({ ops: z.number(), outcome: z.string(), openSeconds: z.number(), peakBytes: z.number() });
  return { wholeSeconds, ...figures.parse(JSON.parse(told)) };
}
