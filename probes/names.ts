import { Resolver } from "node:dns/promises";
import { Packet, UDPClient } from "dns2";
import { type NameRecord, nameCache } from "../harness/name-cache.ts";
import type { Clock, Environment, Millis, Run } from "../harness/types.ts";

/** Asks the environment's name server, never the system's: the answer is part of what is measured. Rejects with the DNS error code. */
export function askNames(environment: Environment, withinMs: Millis): (host: string) => Promise<string> {
  const resolver = new Resolver({ timeout: withinMs, tries: 1 });
  resolver.setServers([`${environment.dns.address}:${environment.dns.port}`]);
  return async (host) => {
    const [first] = await resolver.resolve4(host);
    if (first === undefined) throw noAddress(host);
    return first;
  };
}

/**
 * Finds addresses as a client behind a caching resolver does: each record of the chain is kept for its own TTL. Concurrent questions for one
 * name are asked once. Rejects with the DNS error code.
 */
export function rememberByTtl(
  environment: Environment,
  withinMs: Millis,
  clock: Clock,
): (host: string) => Promise<string> {
  const { address: dns, port } = environment.dns;
  // Node's own resolver tells the TTL of addresses only, not of the aliases that lead to them.
  const ask = UDPClient({ dns, port, timeout: withinMs });
  const cache = nameCache();
  const asking = new Map<string, Promise<string>>();
  const find = async (host: string): Promise<string> => {
    const askedMs = clock.now();
    const { header, answers } = await ask(host, "A");
    if (header.rcode !== 0) throw withCode(errorCodes[header.rcode] ?? "EBADRESP", `no answer about ${host}`);
    const address = cache.learn(host, answers.flatMap(recordOf), askedMs);
    if (address === undefined) throw noAddress(host);
    return address;
  };
  return (host) => {
    const known = cache.fresh(host, clock.now());
    if (known !== undefined) return Promise.resolve(known);
    const asked = asking.get(host) ?? find(host).finally(() => asking.delete(host));
    asking.set(host, asked);
    return asked;
  };
}

/** Gives the region that the ingress name points to, as a client finds it; undefined when its address is in none. */
export function servingRegion(run: Run): () => Promise<string | undefined> {
  const { environment, scenario, clock } = run;
  const find = rememberByTtl(environment, scenario.timing.probeWithinMs, clock);
  return async () => environment.regionOf(await find(environment.platform.ingressName));
}

/** Response codes of RFC 1035, section 4.1.1, as Node names them (`node:dns`, "Error codes"). */
const errorCodes: Readonly<Record<number, string>> = {
  1: "EFORMERR",
  2: "ESERVFAIL",
  3: "ENOTFOUND",
  4: "ENOTIMP",
  5: "EREFUSED",
};
const withCode = (code: string, message: string): Error => Object.assign(new Error(message), { code });
const noAddress = (host: string): Error => withCode("ENODATA", `no address for ${host}`);

function recordOf({ name, type, ttl = 0, address, domain }: Packet["answers"][number]): NameRecord[] {
  const ttlMs = ttl * 1_000;
  if (type === Packet.TYPE.A && address !== undefined) return [{ name, type: "A", ttlMs, value: address }];
  if (type === Packet.TYPE.CNAME && domain !== undefined) return [{ name, type: "CNAME", ttlMs, value: domain }];
  return [];
}
