import type { Clock, Environment, Millis } from "../../harness/types.ts";
import { some } from "../../harness/words.ts";
import { ask, codeOf, freshAgent } from "../../probes/http.ts";
import { askNames } from "../../probes/names.ts";

/** The platform's clients: each deployment's, with a new connection and a new look-up each time. */
export interface Clients extends Disposable {
  /** Undefined when all of them are answered from this region, otherwise what is in the way. */
  trouble(region: string): Promise<string | undefined>;
}

const answersWithinMs: Millis = 1_000;

export function clientsOf(environment: Environment, clock: Clock): Clients {
  const agent = freshAgent();
  const find = askNames(environment, answersWithinMs);
  const { deployments, port, token } = environment.platform;
  const look = async (host: string): Promise<string | undefined> => {
    try {
      const address = await find(host);
      const path = "/api/v2/monitor/health";
      const { status } = await ask(
        agent,
        { address, port, host, method: "GET", path, token, withinMs: answersWithinMs },
        clock,
      );
      return status < 400 ? environment.regionOf(address) : `HTTP ${status}`;
    } catch (error) {
      return codeOf(error);
    }
  };
  return {
    async trouble(region) {
      const seen = await Promise.all(deployments.map(async ({ name, host }) => ({ name, saw: await look(host) })));
      const not = seen.filter(({ saw }) => saw !== region);
      return not.length === 0
        ? undefined
        : `clients: ${some(not.map(({ name, saw }) => `${name} ${saw ?? "nowhere"}`))}`;
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}
