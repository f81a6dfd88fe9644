import { Resolver } from "node:dns/promises";
import { Packet, UDPClient } from "dns2";
import { type NameRecord, nameCache } from "../harness/name-cache.ts";
import type { Clock, Environment, Millis, Run } from "../harness/types.ts";

/** What a name server says of a name. Rejects with the DNS error code. */
export type AskRecords = (name: string) => Promise<readonly NameRecord[]>;

/** Asks the environment's name server, never the system's: the answer is part of what is measured. It tells the address only. */
export function askAddress(environment: Environment, withinMs: Millis): AskRecords {
  const resolver = new Resolver({ timeout: withinMs, tries: 1 });
  resolver.setServers([`${environment.dns.address}:${environment.dns.port}`]);
  return async (name) => {
    const found = await resolver.resolve4(name, { ttl: true });
    return found.map(({ address, ttl }) => ({ name, type: "A", ttlMs: ttl * 1_000, value: address }));
  };
}

/** The same with the aliases that lead there, of which Node's own resolver tells no TTL. */
export function askChain({ dns: { address: dns, port } }: Environment, withinMs: Millis): AskRecords {
  const ask = UDPClient({ dns, port, timeout: withinMs });
  return async (name) => {
    const { header, answers } = await ask(name, "A");
    if (header.rcode !== 0) throw withCode(errorCodes[header.rcode] ?? "EBADRESP", `no answer about ${name}`);
    return answers.flatMap(recordOf);
  };
}

/** Asks each time. */
export function askNames(environment: Environment, withinMs: Millis): (host: string) => Promise<string> {
  const ask = askAddress(environment, withinMs);
  return async (host) => {
    const [first] = await ask(host);
    if (first === undefined) throw noAddress(host);
    return first.value;
  };
}

/** Finds addresses as a client behind a caching resolver does. What several ask for at once is asked once. */
export function rememberByTtl(ask: AskRecords, clock: Clock): (host: string) => Promise<string> {
  const cache = nameCache();
  const asking = new Map<string, Promise<void>>();
  const learn = async (name: string): Promise<void> => {
    const askedMs = clock.now();
    const records = await ask(name);
    if (!records.some(({ type }) => type === "A")) throw noAddress(name);
    cache.learn(records, askedMs);
  };
  return async (host) => {
    const known = cache.fresh(host, clock.now());
    if (known !== undefined) return known;
    const name = cache.asks(host, clock.now());
    const asked = asking.get(name) ?? learn(name).finally(() => asking.delete(name));
    asking.set(name, asked);
    await asked;
    const found = cache.last(host);
    if (found === undefined) throw noAddress(host);
    return found;
  };
}

/** Gives the region that the ingress name points to, as a client finds it; undefined when its address is in none. */
export function servingRegion(run: Run): () => Promise<string | undefined> {
  const { environment, scenario, clock } = run;
  const find = rememberByTtl(askChain(environment, scenario.timing.probeWithinMs), clock);
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
