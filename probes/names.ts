import { Resolver } from "node:dns/promises";
import type { Clock, Environment, Millis, Run } from "../harness/types.ts";

export interface Answer {
  readonly address: string;
  readonly ttlMs: Millis;
}

/** Asks the environment's name server, never the system's: the answer is part of what is measured. Rejects with the DNS error code. */
export function askNames(environment: Environment, withinMs: Millis): (host: string) => Promise<Answer> {
  const resolver = new Resolver({ timeout: withinMs, tries: 1 });
  resolver.setServers([`${environment.dns.address}:${environment.dns.port}`]);
  return async (host) => {
    const [first] = await resolver.resolve4(host, { ttl: true });
    if (first === undefined) throw Object.assign(new Error(`no address for ${host}`), { code: "ENODATA" });
    return { address: first.address, ttlMs: first.ttl * 1_000 };
  };
}

/** Remembers answers for as long as their TTL allows, as a well-behaved client does. Concurrent questions for one name are asked once. */
export function rememberByTtl(ask: (host: string) => Promise<Answer>, clock: Clock): (host: string) => Promise<string> {
  const known = new Map<string, { answer: Promise<Answer>; until: Millis }>();
  return async (host) => {
    const cached = known.get(host);
    if (cached !== undefined && clock.now() < cached.until) return (await cached.answer).address;
    const entry = { answer: ask(host), until: Number.POSITIVE_INFINITY };
    known.set(host, entry);
    try {
      const answer = await entry.answer;
      entry.until = clock.now() + answer.ttlMs;
      return answer.address;
    } catch (error) {
      known.delete(host);
      throw error;
    }
  };
}

/** Gives the region that the ingress name points to, as a client finds it; undefined when its address is in none. */
export function servingRegion(run: Run): () => Promise<string | undefined> {
  const { environment, scenario, clock } = run;
  const find = rememberByTtl(askNames(environment, scenario.timing.probeWithinMs), clock);
  return async () => environment.regionOf(await find(environment.platform.ingressName));
}
