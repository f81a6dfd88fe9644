import { succeeded, type Wishes } from "./wish.ts";

interface DnsJson {
  readonly Status: number;
  readonly Answer?: readonly { readonly type: number; readonly TTL: number; readonly data: string }[];
}
const A = 1;

export interface Names {
  /** The address as last resolved, if that may still be used: while its TTL lasts or, unless `freshly`, for ever. */
  known(host: string, freshly: boolean): string | undefined;
  /** Asks the name server. Undefined: no answer, and none from before. */
  resolve(host: string): Wishes<string | undefined>;
}

/**
 * Resolves names over HTTPS (RFC 8484's JSON sibling) and caches by the smallest TTL of the chain. k6 has no option for a name server of
 * its own, and its own cache ignores the record's TTL.
 */
export function namesByTtl(dohUrl: string, nowMs: () => number): Names {
  const cache = new Map<string, { address: string; staleMs: number }>();
  return {
    known(host, freshly) {
      const known = cache.get(host);
      return known !== undefined && (!freshly || nowMs() < known.staleMs) ? known.address : undefined;
    },
    *resolve(host) {
      const askedMs = nowMs();
      const answer = yield {
        method: "GET",
        url: `${dohUrl}?name=${host}&type=A`,
        headers: { accept: "application/dns-json" },
        reads: true,
      };
      const found = succeeded(answer) ? readAnswer(answer.body) : undefined;
      // A resolver that does not answer leaves the stale address in place, as a caching resolver may (RFC 8767).
      if (found === undefined) return cache.get(host)?.address;
      cache.set(host, { address: found.address, staleMs: askedMs + found.ttlMs });
      return found.address;
    },
  };
}

function readAnswer(body: string | undefined): { address: string; ttlMs: number } | undefined {
  let answer: DnsJson;
  try {
    answer = JSON.parse(body ?? "");
  } catch {
    return undefined;
  }
  const records = answer.Answer ?? [];
  const address = records.find((record) => record.type === A)?.data;
  if (answer.Status !== 0 || address === undefined) return undefined;
  return { address, ttlMs: Math.min(...records.map((record) => record.TTL)) * 1_000 };
}
