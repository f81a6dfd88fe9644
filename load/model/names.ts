import { type NameRecord, nameCache } from "../../harness/name-cache.ts";
import { succeeded, type Wishes } from "./wish.ts";

interface DnsJson {
  readonly Status: number;
  readonly Answer?: readonly {
    readonly name: string;
    readonly type: number;
    readonly TTL: number;
    readonly data: string;
  }[];
}
const types: Readonly<Record<number, NameRecord["type"]>> = { 1: "A", 5: "CNAME" };

export interface Names {
  /** The address as last resolved, if that may still be used: while its TTL lasts or, unless `freshly`, for ever. */
  known(host: string, freshly: boolean): string | undefined;
  /** Asks the name server. Undefined: no answer, and none from before. */
  resolve(host: string): Wishes<string | undefined>;
}

/**
 * Resolves names over HTTPS (RFC 8484's JSON sibling) and caches each record by its own TTL. k6 has no option for a name server of its own,
 * and its own cache ignores the record's TTL.
 */
export function namesByTtl(dohUrl: string, nowMs: () => number): Names {
  const cache = nameCache();
  return {
    known: (host, freshly) => (freshly ? cache.fresh(host, nowMs()) : cache.last(host)),
    *resolve(host) {
      const askedMs = nowMs();
      const answer = yield {
        method: "GET",
        url: `${dohUrl}?name=${cache.asks(host, askedMs)}&type=A`,
        headers: { accept: "application/dns-json" },
        reads: true,
      };
      const records = succeeded(answer) ? readRecords(answer.body) : [];
      // A resolver that does not answer leaves the stale address in place, as a caching resolver may (RFC 8767).
      cache.learn(records, askedMs);
      return cache.last(host);
    },
  };
}

function readRecords(body: string | undefined): NameRecord[] {
  let answer: DnsJson;
  try {
    answer = JSON.parse(body ?? "");
  } catch {
    return [];
  }
  const records = answer.Status === 0 ? (answer.Answer ?? []) : [];
  return records.flatMap(({ name, type, TTL, data }) => {
    const known = types[type];
    return known === undefined ? [] : [{ name, type: known, ttlMs: TTL * 1_000, value: data }];
  });
}
