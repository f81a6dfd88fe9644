import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { labAddresses } from "../fixtures/lab/addresses.ts";
import { startBackbone } from "../fixtures/lab/backbone.ts";
import { connectBackbone } from "../fixtures/lab/backbone-client.ts";
import { type LabContext, labContext } from "../fixtures/lab/lab-process.ts";
import { createObjectStore, type RegionObjects } from "../fixtures/lab/objects.ts";
import { startPeer } from "../fixtures/lab/peer.ts";
import { claimSlot } from "../fixtures/lab/slot.ts";
import { startClock } from "../harness/clock.ts";
import { until } from "../harness/until.ts";
import { printRows } from "./spread.ts";

/**
 * How fast objects replicate over the lab's link, and how long a backlog takes to drain when the link returns. Both regions and the link
 * share this one process and its one processor; in a lab they are three.
 */
const options = new Command()
  .option("--runs <count>", "", Number, 5)
  .option("--objects <count>", "objects that cross an open link", Number, 20_000)
  .option("--backlog <count>", "objects that wait while the link is cut", Number, 50_000)
  .option("--bytes <count>", "content of one object, as a task's log has", Number, 1_000)
  .option("--latency <ms>", "of the link, one way", Number, 30)
  .parse()
  .opts<{ runs: number; objects: number; backlog: number; bytes: number; latency: number }>();

const goal = { objectsPerSecond: 2_000, backlogDrainedWithinSeconds: 30 };
const clock = startClock();
const buckets = { from: "us-east-2", to: "us-west-2" };

interface Figures {
  readonly objectsPerSecond: number;
  readonly backlogDrainedAfterSeconds: number;
}

async function once(run: number): Promise<Figures> {
  await using open = new AsyncDisposableStack();
  const { slot } = open.use(await claimSlot());
  const directory = await mkdtemp(join(tmpdir(), "objects-"));
  open.defer(() => rm(directory, { recursive: true }));
  const about = { id: "bench", slot, seed: "1", secret: "known-to-nobody-else", directory, config: {} };
  const context = labContext.parse(about);
  open.use(await startBackbone(context));
  const backbone = connectBackbone(labAddresses(slot, context.config.regions).backbone);
  await backbone.setLink("*", "*", { latencyMs: options.latency });
  const source = open.use(await regionIn(context, buckets.from, buckets.to));
  const destination = open.use(await regionIn(context, buckets.to, buckets.from));
  const replicas = await destination.store.createBucket("replicas");
  await destination.store.configure(replicas, { versioning: "Enabled" });
  const originals = await source.store.createBucket("originals");
  const rule = { ID: "all", Status: "Enabled", Prefix: "", Destination: { Bucket: replicas.arn } } as const;
  const replication = { Role: "bench", Rules: [rule] };
  await source.store.configure(originals, { versioning: "Enabled", replication });

  const content = Buffer.alloc(options.bytes, "line\n");
  const put = async (prefix: string, count: number) => {
    // A client has so many under way at once.
    for (let done = 0; done < count; done += 100) {
      const keys = Array.from(
        { length: Math.min(100, count - done) },
        (_, index) => `${run}/${prefix}/${done + index}`,
      );
      await Promise.all(keys.map((key) => source.store.put(originals, key, content, {})));
    }
  };
  const drained = async () => {
    const pending = () => source.metrics().out.reduce((sum, { operations }) => sum + operations, 0);
    await until("no object pending", pending, (count) => count === 0, { clock, withinMs: 120_000, everyMs: 20 });
  };
  const beganMs = clock.now();
  await put("open", options.objects);
  await drained();
  const objectsPerSecond = (options.objects / (clock.now() - beganMs)) * 1_000;

  await backbone.setLink("*", "*", { partitioned: true });
  await put("cut", options.backlog);
  await backbone.setLink("*", "*", { partitioned: false });
  const returnedMs = clock.now();
  await drained();
  const backlogDrainedAfterSeconds = (clock.now() - returnedMs) / 1_000;

  const arrived = [...replicas.all()].length;
  if (arrived !== options.objects + options.backlog)
    throw new Error(`${arrived} replicas arrived, of ${options.objects + options.backlog}`);
  return { objectsPerSecond, backlogDrainedAfterSeconds };
}

async function regionIn(context: LabContext, region: string, other: string): Promise<RegionObjects> {
  await using open = new AsyncDisposableStack();
  const peer = open.use(startPeer(context, region));
  const directory = join(context.directory, region);
  const objects = open.use(await createObjectStore({ accountId: "0", directory, peer, otherRegions: [other] }));
  const owned = open.move();
  return { ...objects, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const all: Figures[] = [];
for (let run = 1; run <= options.runs; run++) {
  const one = await once(run);
  all.push(one);
  console.log(
    `run ${run} of ${options.runs}: ${one.objectsPerSecond.toFixed(0)} objects/s, backlog drained after ${one.backlogDrainedAfterSeconds.toFixed(1)} s`,
  );
}
console.log();
printRows([
  {
    what: `replication of ${options.objects} objects of ${options.bytes} bytes`,
    unit: "objects/s",
    values: all.map(({ objectsPerSecond }) => objectsPerSecond),
    goal: `>= ${goal.objectsPerSecond} objects/s`,
    met: (value) => value >= goal.objectsPerSecond,
    digits: 0,
  },
  {
    what: `backlog of ${options.backlog} objects, after the link's return`,
    unit: "s",
    values: all.map(({ backlogDrainedAfterSeconds }) => backlogDrainedAfterSeconds),
    goal: `<= ${goal.backlogDrainedWithinSeconds} s`,
    met: (value) => value <= goal.backlogDrainedWithinSeconds,
  },
]);
