const suffixes = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws", ".amazonwebservices.com.cn"];
const region = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
/** ElastiCache, MemoryDB and DAX shorten their regions: `name.abc.0001.use2.cache.amazonaws.com`. */
const shortRegion = /^(us|eu|ap|ca|sa|me|af|il|mx)(e|w|n|s|c|ne|se|nw|sw|gov)(\d)$/;
const longParts: Readonly<Record<string, string>> = {
  e: "east",
  w: "west",
  n: "north",
  s: "south",
  c: "central",
  ne: "northeast",
  se: "southeast",
  nw: "northwest",
  sw: "southwest",
};

/** Hosts without a region, by the service that answers there and the region that it is in (endpoint rules of the SDK for JavaScript v3). */
const globalHosts: Readonly<Record<string, string>> = {
  iam: "iam",
  route53: "route53",
  cloudfront: "cloudfront",
  organizations: "organizations",
  shield: "shield",
  waf: "waf",
  sts: "sts",
};

/** What a name of AWS's own says: the region that it lies in, or the global service that it stands for. Empty for any other name. */
export function readHost(host: string): { readonly region?: string; readonly globalService?: string } {
  const name = host.toLowerCase().replace(/\.$/, "");
  if (name === "s3.amazonaws.com") return { region: "us-east-1" };
  const suffix = suffixes.find((one) => name.endsWith(one));
  if (suffix === undefined) return {};
  const labels = name.slice(0, -suffix.length).split(".").toReversed();
  for (const label of labels) {
    // Older names have the region behind a hyphen: `s3-eu-west-1`, `s3-website-eu-west-1`.
    const plain = label.replace(/^s3-(website-|fips-)?/, "");
    if (region.test(plain)) return { region: plain };
    const [, area, part = "", digit] = shortRegion.exec(label) ?? [];
    if (area !== undefined && longParts[part] !== undefined) return { region: `${area}-${longParts[part]}-${digit}` };
  }
  const globalService = labels.length === 1 ? globalHosts[labels[0] ?? ""] : undefined;
  return globalService === undefined ? {} : { globalService };
}
