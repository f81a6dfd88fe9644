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
  /** What has to be asked for to know it again: the first name on the way there whose record has expired. */
  asks(host: string, nowMs: Millis): string;
  /** Takes in what a name server said. An answer without an address changes nothing. */
  learn(records: readonly NameRecord[], nowMs: Millis): void;
}

interface Known {
  readonly value: string;
  readonly staleMs: Millis;
}

/**
 * Keeps each record for as long as its own TTL says, like a caching resolver (RFC 1034, section 5.3.3): an alias that has not expired is
 * followed, whatever the name server says by now. So the record that a failover changes counts with its own TTL, not with the shortest one of
 * the chain, and many hosts behind one alias ask for it once. An address at the end of an alias is asked for by the alias, and kept with it when
 * the answer leads elsewhere by then.
 */
export function nameCache(): NameCache {
  const aliases = new Map<string, Known>();
  const addresses = new Map<string, Known>();

  /** As far as it is known, and the first owner on the way whose record is unknown or has expired. */
  function follow(
    host: string,
    nowMs: Millis,
  ): { readonly name: string; readonly address?: string; readonly expired?: string } {
    let [name, before] = [normal(host), normal(host)];
    let expired: string | undefined;
    for (let hop = 0; hop < longestChain; hop += 1) {
      const alias = aliases.get(name);
      if (alias === undefined) {
        const found = addresses.get(name);
        if (found === undefined || nowMs >= found.staleMs) expired ??= before;
        return { name, ...(found && { address: found.value }), ...(expired !== undefined && { expired }) };
      }
      if (nowMs >= alias.staleMs) expired ??= name;
      before = name;
      name = alias.value;
    }
    return { name, expired: expired ?? normal(host) };
  }

  return {
    fresh(host, nowMs) {
      const { address, expired } = follow(host, nowMs);
      return expired === undefined ? address : undefined;
    },
    last: (host) => follow(host, 0).address,
    asks: (host, nowMs) => follow(host, nowMs).expired ?? normal(host),
    learn(records, nowMs) {
      if (!records.some(({ type }) => type === "A")) return;
      const named = new Set<string>();
      for (const { name, type, ttlMs, value } of records) {
        const key = normal(name);
        // Of several addresses the first.
        if (named.has(key)) continue;
        named.add(key);
        const alias = aliases.get(key);
        if (alias !== undefined && nowMs < alias.staleMs) continue;
        const staleMs = nowMs + ttlMs;
        if (type === "CNAME") aliases.set(key, { value: normal(value), staleMs });
        else {
          aliases.delete(key);
          addresses.set(key, { value, staleMs });
        }
      }
      // Nothing in the answer speaks of the address that is still followed to: it is good for as long as the answer is.
      const [asked] = named;
      const { name, address } = follow(asked ?? "", nowMs);
      const known = addresses.get(name);
      if (address !== undefined && known !== undefined && !named.has(name) && nowMs >= known.staleMs)
        addresses.set(name, { value: address, staleMs: nowMs + Math.min(...records.map(({ ttlMs }) => ttlMs)) });
    },
  };
}

const longestChain = 8;
const normal = (name: string): string => name.toLowerCase().replace(/\.$/, "");
