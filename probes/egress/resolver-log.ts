import { z } from "zod";
import type { Report } from "./source.ts";

/** What is used of a line (Route 53 Developer Guide: values that appear in Resolver query logs, version 1.1). */
const query = z.object({
  query_timestamp: z.iso.datetime(),
  query_name: z.string(),
  query_type: z.string(),
  rcode: z.string(),
  answers: z.array(z.object({ Rdata: z.string(), Type: z.string() })).nullish(),
  srcaddr: z.string(),
  srcids: z.object({ instance: z.string().optional(), resolver_endpoint: z.string().optional() }).nullish(),
});

/** Reads one line of Route 53 Resolver's query log. Throws with what is wrong with it. Lines come some minutes late. */
export function readResolverQuery(text: string): Report {
  const { query_timestamp, query_name, rcode, answers, srcaddr, srcids } = query.parse(JSON.parse(text));
  const address = answers?.find(({ Type }) => Type === "A" || Type === "AAAA")?.Rdata;
  const answered = rcode === "NOERROR";
  return {
    atMs: Date.parse(query_timestamp),
    seen: {
      by: srcids?.instance ?? srcids?.resolver_endpoint ?? srcaddr,
      via: "resolver-log",
      host: query_name.replace(/\.$/, "").toLowerCase(),
      ...(address === undefined ? {} : { address }),
    },
    end: answered ? "ok" : "fail",
    ...(answered ? {} : { error: rcode }),
  };
}
