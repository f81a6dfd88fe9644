import { isIP } from "node:net";

/** Addresses and the region that they are in: `["127.10.0.0/16", "us-east-2"]`. */
export type AddressRange = readonly [cidr: string, region: string];

/** Gives the region of an address by the narrowest range that holds it; undefined when none does, or when it is no address. */
export function regionsByAddress(ranges: readonly AddressRange[]): (address: string) => string | undefined {
  /** By family and length of the prefix, the prefixes and their regions. */
  const byLength = new Map<string, Map<bigint, string>>();
  for (const [cidr, region] of ranges) {
    const [address = "", length = ""] = cidr.split("/");
    const family = isIP(address);
    const bits = Number(length);
    if (family === 0 || length === "" || !(bits >= 0 && bits <= sizeOf(family)))
      throw new Error(`"${cidr}" is not a range of addresses such as 192.0.2.0/24`);
    const known = byLength.get(`${family}/${bits}`) ?? new Map<bigint, string>();
    byLength.set(`${family}/${bits}`, known);
    known.set(numberOf(address, family) >> BigInt(sizeOf(family) - bits), region);
  }
  const lengths = [...byLength.keys()].map((key) => key.split("/").map(Number) as [number, number]);
  lengths.sort(([, a], [, b]) => b - a);
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
    const family = isIP(plain);
    if (family === 0) return undefined;
    const value = numberOf(plain, family);
    for (const [of, bits] of lengths) {
      if (of !== family) continue;
      const region = byLength.get(`${of}/${bits}`)?.get(value >> BigInt(sizeOf(family) - bits));
      if (region !== undefined) return region;
    }
    return undefined;
  };
}

const sizeOf = (family: number): number => (family === 4 ? 32 : 128);

function numberOf(address: string, family: number): bigint {
  if (family === 4) return address.split(".").reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
  const [head = "", tail] = address.replace(/\d+(\.\d+){3}$/, asGroups).split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const [first, last] = [groups(head), groups(tail ?? "")];
  const filled = tail === undefined ? first : [...first, ...Array(8 - first.length - last.length).fill("0"), ...last];
  return filled.reduce((sum, part) => (sum << 16n) + BigInt(`0x${part}`), 0n);
}

/** The last two groups of an IPv6 address, written as an IPv4 address. */
function asGroups(address: string): string {
  const value = numberOf(address, 4);
  return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}
