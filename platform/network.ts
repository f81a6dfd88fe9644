/** The address ranges of a cluster's networks, one for each region. They may not overlap, or the two could never be joined. */
export interface Network {
  readonly cidr: string;
  /** null for a cluster in one region. */
  readonly dr_cidr: string | null;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** What a VPC may have, after "VPC CIDR blocks" of the Amazon VPC user guide: a block between /16 and /28. */
const prefixes = { min: 16, max: 28 };

/** Says what is wrong with the range, or undefined when it is one. */
export function cidrFault(cidr: string): string | undefined {
  const [, address = "", prefix = ""] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(cidr) ?? [];
  const octets = address.split(".").map(Number);
  if (address === "" || octets.some((octet) => octet > 255)) return "is no IPv4 range such as 10.0.0.0/16";
  if (Number(prefix) < prefixes.min || Number(prefix) > prefixes.max) {
    return `must have a prefix from /${prefixes.min} to /${prefixes.max}`;
  }
  const { first } = rangeOf(cidr);
  if (first !== numberOf(octets)) return `must begin where its prefix says: ${textOf(first)}/${prefix}`;
  return undefined;
}

export function overlap(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a.first <= b.last && b.first <= a.last;
}

/** The first /16 of 10.0.0.0/8 that has no address of the taken ranges. */
export function freeCidr(taken: readonly string[]): string {
  for (let second = 0; second < 256; second += 1) {
    const cidr = `10.${second}.0.0/16`;
    if (!taken.some((range) => overlap(range, cidr))) return cidr;
  }
  throw new Error("every /16 of 10.0.0.0/8 is taken");
}

function rangeOf(cidr: string): Range {
  const [address = "", prefix = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(prefix));
  const first = Math.floor(numberOf(address.split(".").map(Number)) / size) * size;
  return { first, last: first + size - 1 };
}

const numberOf = (octets: readonly number[]): number => octets.reduce((sum, octet) => sum * 256 + octet, 0);
const textOf = (address: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
