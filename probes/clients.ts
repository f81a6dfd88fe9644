import type { Agent } from "node:http";
import type { DeploymentDescription, Run } from "../harness/types.ts";
import { ask, type Reply, stickyAgent } from "./http.ts";
import { askChain, rememberByTtl } from "./names.ts";

/** A client of the platform, as users have them. Its calls give the address that served them, or reject with `code`. */
export interface Client extends Disposable {
  readonly name: "fresh" | "sticky";
  health(deployment: DeploymentDescription): Promise<string>;
  writeThenRead(deployment: DeploymentDescription, value: number): Promise<string>;
}

/** Opens a new connection for each call and looks names up again when their TTL is over. */
export function freshClient(run: Run): Client {
  const find = rememberByTtl(askChain(run.environment, run.scenario.timing.probeWithinMs), run.clock);
  return clientWith("fresh", { lend: oneConnection, [Symbol.dispose]: () => undefined }, run, find);
}

/** Keeps its connection, and the address that it found first, until a call fails. */
export function stickyClient(run: Run): Client {
  const find = rememberByTtl(askChain(run.environment, run.scenario.timing.probeWithinMs), run.clock);
  const kept = new Map<string, string>();
  const agent = stickyAgent();
  return clientWith(
    "sticky",
    { lend: () => ({ agent, [Symbol.dispose]: () => undefined }), [Symbol.dispose]: () => agent.destroy() },
    run,
    async (host) => {
      const address = kept.get(host) ?? (await find(host));
      kept.set(host, address);
      return address;
    },
    (host) => kept.delete(host),
  );
}

/** Where the connections of a call come from. */
interface Connections extends Disposable {
  lend(): Disposable & { readonly agent: Agent };
}

/** A connection for one sample, shared by the calls within it. */
function oneConnection(): Disposable & { readonly agent: Agent } {
  const agent = stickyAgent();
  return { agent, [Symbol.dispose]: () => agent.destroy() };
}

function clientWith(
  name: Client["name"],
  connections: Connections,
  run: Run,
  find: (host: string) => Promise<string>,
  onFailure: (host: string) => void = () => undefined,
): Client {
  const { platform } = run.environment;
  const withinMs = run.scenario.timing.probeWithinMs;
  const call = async (
    agent: Agent,
    host: string,
    part: { method: "GET" | "POST"; path: string; body?: unknown },
  ): Promise<Reply & { address: string }> => {
    try {
      const address = await find(host);
      const question = { address, port: platform.port, host, token: platform.token, withinMs, ...part };
      const reply = await ask(agent, question, run.clock);
      if (reply.status >= 400)
        throw Object.assign(new Error(reply.text.slice(0, 200)), { code: `HTTP_${reply.status}` });
      return { ...reply, address };
    } catch (error) {
      onFailure(host);
      throw error;
    }
  };
  return {
    name,
    async health({ host }) {
      using lent = connections.lend();
      const { address } = await call(lent.agent, host, { method: "GET", path: "/api/v2/monitor/health" });
      return address;
    },
    async writeThenRead({ host }, value) {
      using lent = connections.lend();
      // Samples may overlap: a few keys in turn keep one from reading what another wrote.
      const key = `gameday-probe-${Math.floor(value / run.scenario.timing.probeEveryMs) % 8}`;
      await call(lent.agent, host, { method: "POST", path: "/api/v2/variables", body: { key, value: String(value) } });
      const { address, text } = await call(lent.agent, host, { method: "GET", path: `/api/v2/variables/${key}` });
      const read: unknown = JSON.parse(text);
      const seen = typeof read === "object" && read !== null && "value" in read ? read.value : undefined;
      if (seen !== String(value))
        throw Object.assign(new Error(`read back ${seen} after writing ${value}`), { code: "STALE_READ" });
      return address;
    },
    [Symbol.dispose]: () => connections[Symbol.dispose](),
  };
}
