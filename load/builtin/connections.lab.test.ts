import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { openConnections } from "./connections.ts";

const host = "127.0.0.77";
/** Answers at once, with room for few connections that it has not taken yet. */
const server = `
  const server = require("node:http").createServer((_, response) => response.end("ok"));
  server.listen(0, "${host}", 2, () => console.log(server.address().port));
`;
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
});

/** A server that is stopped, as those of a lost region are, with its backlog full: further connections hang before they are made. */
async function stoppedServer() {
  const child = spawn(process.execPath, ["-e", server], { stdio: ["ignore", "pipe", "inherit"] });
  started.push(child);
  const [line] = await once(child.stdout, "data");
  const port = Number(line);
  child.kill("SIGSTOP");
  for (;;) {
    const socket = connect(port, host).on("error", () => undefined);
    const isIn = await Promise.race([once(socket, "connect").then(() => true), pause(300).then(() => false)]);
    if (!isIn) break;
  }
  return { url: `http://${host}:${port}/`, goOn: () => child.kill("SIGCONT") };
}

test.each(["sticky", "fresh"] as const)(
  "a %s client whose connection is never made gives up in its time",
  async (kind) => {
    const { url, goOn } = await stoppedServer();
    const connections = openConnections(kind, 300);
    const call = () => connections.exchange({ method: "GET", url, headers: {}, reads: true });
    const hung = pause(6_000).then(() => "hung");
    expect(await Promise.race([call().then(call), hung])).toEqual({ status: 0, error: "no answer within 300 ms" });
    goOn();
    await expect.poll(call, { timeout: 10_000 }).toEqual({ status: 200, body: "ok" });
  },
);
