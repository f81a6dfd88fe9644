import type { Millis } from "./types.ts";

/** One record of an answer, by its own TTL. Names are as the name server wrote them. */
export interface NameRecord {
  readonly name: string;
  readonly type: "A" | "CNAME";
  readonly ttlMs: Millis;
  readonly value: string;
}

export interface NameCache {
  /** Until a record that leads there has expired. */
  fresh(host: string, nowMs: Millis): string | undefined;
  /** As it was found last, however long ago that is. */
  last(host: string): string | undefined;
  /** Takes in what a name server said of a host, and gives the address that it leads to now. Undefined, and nothing taken in: the answer holds no address. */
  learn(host: string, records: readonly NameRecord[], nowMs: Millis): string | undefined;
}

/**
 * Keeps each record for as long as its own TTL says, like a caching resolver (RFC 1034, section 5.3.3): an alias that has not expired is
 * followed, whatever the name server says by now. So the record that a failover changes counts with its own TTL, not with the shortest one of
 * the chain. The address at the end of an alias is kept with it.
 */
export function nameCache(): NameCache {
  const aliases = new Map<string, { readonly to: string; readonly staleMs: Millis }>();
  const addresses = new Map<string, string>();
  const found = new Map<string, { readonly address: string; readonly staleMs: Millis }>();

  function follow(host: string): string | undefined {
    let name = normal(host);
    for (let hop = 0; hop < longestChain; hop += 1) {
      const alias = aliases.get(name);
      if (alias === undefined) return addresses.get(name);
      name = alias.to;
    }
    return undefined;
  }

  return {
    fresh(host, nowMs) {
      const known = found.get(host);
      return known !== undefined && nowMs < known.staleMs ? known.address : undefined;
    },
    last: (host) => found.get(host)?.address,
    learn(host, records, nowMs) {
      if (!records.some(({ type }) => type === "A")) return undefined;
      const named = new Set<string>();
      for (const { name, type, ttlMs, value } of records) {
        const key = normal(name);
        // Of several addresses the first.
        if (named.has(key)) continue;
        named.add(key);
        const alias = aliases.get(key);
        if (alias !== undefined && nowMs < alias.staleMs) continue;
        if (type === "CNAME") aliases.set(key, { to: normal(value), staleMs: nowMs + ttlMs });
        else {
          aliases.delete(key);
          addresses.set(key, value);
        }
      }
      const address = follow(host);
      const askAgainMs = nowMs + Math.min(...records.map(({ ttlMs }) => ttlMs));
      if (address !== undefined) found.set(host, { address, staleMs: askAgainMs });
      return address;
    },
  };
}

const longestChain = 8;
const normal = (name: string): string => name.toLowerCase().replace(/\.$/, "");
