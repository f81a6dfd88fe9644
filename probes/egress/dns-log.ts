import { z } from "zod";
import type { Source } from "./source.ts";

const queries = z.array(
  z.object({
    index: z.number(),
    monotonicMs: z.number(),
    source: z.string(),
    name: z.string(),
    code: z.number(),
  }),
);

/**
 * The log of a name server of this machine, at a URL that answers `?since=INDEX`: what was looked up by whoever is not recorded. It knows the
 * asker's address and no more.
 */
export function dnsLog(url: string): Source {
  let next = 0;
  /** Wall time less CLOCK_MONOTONIC. */
  const wallOffsetMs = performance.timeOrigin + performance.now() - Number(process.hrtime.bigint()) / 1e6;
  return {
    via: "dns-log",
    async read(signal) {
      const reply = await fetch(`${url}?since=${next}`, { signal });
      const asked = queries.parse(await reply.json());
      next = (asked.at(-1)?.index ?? next - 1) + 1;
      return asked.map(({ monotonicMs, source, name, code }) => ({
        atMs: monotonicMs + wallOffsetMs,
        seen: { by: `unrecorded ${source}`, via: "dns-log", host: name },
        end: code === 0 ? "ok" : "fail",
        ...(code === 0 ? {} : { error: `code ${code}` }),
      }));
    },
  };
}
