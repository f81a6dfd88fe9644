import { Command } from "commander";
import { interruption } from "../cli/interruption.ts";
import { startTwoRegions } from "../fixtures/lab/aurora/testing.ts";
import { acme, type PlatformUnderTest, platformOn } from "../fixtures/lab/platform-testing.ts";
import { seededRandom } from "../harness/random.ts";
import { printTable } from "./spread.ts";

/**
 * Acknowledged writes that a failback loses: several clients write, each its own numbers, until the writer refuses them, over links of random latency.
 * Real databases and the platform's own control plane; a lost write is one that was acknowledged and is not in the new writer.
 */
const options = new Command()
  .option("--seeds <count>", "runs, each of another seed", Number, 20)
  .option("--seed <text>", "of the first", "failback-loss")
  .parse()
  .opts<{ seeds: number; seed: string }>();

const clients = 3;

using interrupted = interruption();
let lost = 0;
const rows: string[][] = [];
for (let run = 1; run <= options.seeds && !interrupted.signal.aborted; run += 1) {
  const one = await measure(`${options.seed}-${run}`);
  lost += one.lost;
  rows.push([one.seed, `${Math.round(one.latencyMs)} ms`, String(one.acknowledged), String(one.lost)]);
  console.log(`run ${run} of ${options.seeds}: ${one.acknowledged} acknowledged, ${one.lost} lost`);
}
console.log();
printTable(["seed", "link, one way", "acknowledged until the switchover", "lost"], rows);
process.exitCode = lost === 0 && rows.length === options.seeds ? 0 : 1;

async function measure(seed: string) {
  const random = seededRandom(seed);
  const latencyMs = random.next() * 150;
  await using regions = await startTwoRegions();
  await using platform = await platformOn(regions);
  const { call, ended } = platform;
  await call("POST", "", acme);
  await call("POST", "/acme/deployments", { deployments: [{ name: "dep-01" }] });
  await regions.east.sql("create table proof (client int, seq int)");
  using _west = platform.reconciler(acme.dr_region);
  using _east = platform.reconciler(acme.region);
  await finished(platform, true);
  await ended((await call("GET", "/acme/operations")).body.operations.at(-1));
  regions.setLatency(latencyMs);

  const acknowledged = new Set<string>();
  const write = async (client: number) => {
    for (let seq = 1; ; seq += 1) {
      await regions.west.sql("insert into proof values ($1, $2)", [client, seq]);
      acknowledged.add(`${client}/${seq}`);
    }
  };
  const writing = Promise.allSettled(Array.from({ length: clients }, (_, client) => write(client)));
  await finished(platform, false);
  await writing;
  const kept = await regions.east.sql<{ client: number; seq: number }>("select client, seq from proof");
  const there = new Set(kept.map(({ client, seq }) => `${client}/${seq}`));
  if (acknowledged.size === 0) throw new Error(`seed ${seed}: nothing was written, so nothing could be lost`);
  return { seed, latencyMs, acknowledged: acknowledged.size, lost: acknowledged.difference(there).size };
}

/** Asks for a failover or a failback and waits until it is done. */
async function finished({ call, ended }: PlatformUnderTest, isFailedOver: boolean): Promise<void> {
  const { status, body } = await call("PATCH", "/acme", { is_failed_over: isFailedOver });
  if (status !== 202) throw new Error(`refused: ${body.detail}`);
  const { state, error } = await ended(body.operation);
  if (state !== "done") throw new Error(`${state}: ${error}`);
}
