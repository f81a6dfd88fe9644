import { spawn } from "node:child_process";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DescribeDBClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { Command } from "commander";
import { startRecorder } from "../probes/egress/recorder/recorder.ts";
import { printRows, spreadOf } from "./spread.ts";

/**
 * What the recorder costs the program that it watches, per call: blocks of calls with it and without it take turns in one process, and the
 * figure is the difference of their medians. The other end is a process of its own.
 */
const { rounds, calls } = new Command()
  .option("--rounds <count>", "pairs of blocks", Number, 30)
  .option("--calls <count>", "calls in a block", Number, 300)
  .parse()
  .opts<{ rounds: number; calls: number }>();
const goalUs = 50;

const answering = `require("node:http").createServer((_, answer) => answer.end("well")).listen(0, "127.0.0.1", function () { console.log(this.address().port); });`;
const other = spawn(process.execPath, ["--eval", answering], { stdio: ["ignore", "pipe", "inherit"] });
const [line] = await once(createInterface({ input: other.stdout }), "line");
const port = Number(line);
const directory = await mkdtemp(join(tmpdir(), "gameday-recorders-"));

const answered = {
  handle: async () => ({
    response: { statusCode: 200, headers: {}, body: new Blob(["<DescribeDBClustersResponse/>"]).stream() },
  }),
};
const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
const rds = new RDSClient({ region: "eu-west-1", endpoint: "http://127.0.0.1", credentials, requestHandler: answered });
const agent = new Agent({ keepAlive: true });

const kinds: Readonly<Record<string, () => Promise<unknown>>> = {
  "an SDK call, without a network": () => rds.send(new DescribeDBClustersCommand({})),
  "a request on a kept connection": async () => {
    const [response] = await once(get({ host: "127.0.0.1", port, agent }), "response");
    response.resume();
    await once(response, "end");
  },
  fetch: async () => (await fetch(`http://127.0.0.1:${port}/`)).text(),
  "a new connection": async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.destroy();
  },
  "a look-up": () => lookup("localhost"),
};

async function medianUs(call: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < calls; n++) {
    const began = performance.now();
    await call();
    took.push((performance.now() - began) * 1_000);
  }
  return spreadOf(took).median;
}

async function costsUs(call: () => Promise<unknown>): Promise<number[]> {
  const costs: number[] = [];
  for (let round = 0; round < rounds + 3; round++) {
    const without = await medianUs(call);
    using _recorder = await startRecorder({ label: "bench", directory, clients: [RDSClient] });
    const cost = (await medianUs(call)) - without;
    // The first ones warm the compiler up.
    if (round >= 3) costs.push(cost);
  }
  return costs;
}

try {
  const rows = [];
  for (const [what, call] of Object.entries(kinds))
    rows.push({
      what,
      unit: "µs",
      values: await costsUs(call),
      goal: `<= ${goalUs} µs`,
      met: (us: number) => us <= goalUs,
    });
  printRows(rows);
} finally {
  other.kill();
  agent.destroy();
  rds.destroy();
  await rm(directory, { recursive: true, force: true });
}
