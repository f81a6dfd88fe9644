import { z } from "zod";

/** AWS's own list of its addresses, `https://ip-ranges.amazonaws.com/ip-ranges.json` (VPC User Guide: AWS IP address ranges). */
const shape = z.object({
  prefixes: z.array(z.object({ ip_prefix: z.string(), region: z.string() })),
  ipv6_prefixes: z.array(z.object({ ipv6_prefix: z.string(), region: z.string() })).default([]),
});

/** Ranges and their regions, each once. Those of services at the edge say `GLOBAL`, which is no region. Throws with what is wrong with the list. */
export function readIpRanges(text: string): (readonly [cidr: string, region: string])[] {
  const { prefixes, ipv6_prefixes } = shape.parse(JSON.parse(text));
  const all = [
    ...prefixes.map(({ ip_prefix, region }) => [ip_prefix, region] as const),
    ...ipv6_prefixes.map(({ ipv6_prefix, region }) => [ipv6_prefix, region] as const),
  ];
  return [...new Map(all.filter(([, region]) => region !== "GLOBAL")).entries()];
}
