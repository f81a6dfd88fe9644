import { Resolver } from "node:dns/promises";
import type { ResolveAlias } from "./dns-switch.ts";

const noAlias = new Set(["ENODATA", "ENOTFOUND"]);

/** Asks the name servers that are named as `address:port`, or the system's. */
export function aliasResolver(nameServers: readonly string[] | undefined, withinMs: number): ResolveAlias {
  const resolver = new Resolver({ timeout: withinMs, tries: 1 });
  if (nameServers !== undefined) resolver.setServers(nameServers);
  return async (name) => {
    try {
      const [found] = await resolver.resolveCname(name);
      return found?.toLowerCase().replace(/\.$/, "");
    } catch (error) {
      if (error instanceof Error && "code" in error && noAlias.has(String(error.code))) return undefined;
      throw error;
    }
  };
}
