import { controlPlanes } from "../../checkers/dependencies/atlas.ts";
import { readHost } from "../../checkers/dependencies/hosts.ts";
import { regionsIn } from "../regions.ts";
import { type Literal, type Match, type Rule, unknownText } from "../types.ts";

interface Host {
  readonly host: string;
  readonly start: number;
  readonly end: number;
}

/** A label may be, or hold, what only the running program knows: `${bucket}.s3.amazonaws.com`. */
const label = `[a-z0-9*${unknownText}](?:[a-z0-9${unknownText}-]*[a-z0-9${unknownText}])?`;
const hostPattern = new RegExp(`(?<![\\w.${unknownText}-])${label}(?:\\.${label})+(?![\\w-])`, "gi");
/** `values.us-east-2.yaml` is a file. */
const fileEnding = /\.(?:json|ya?ml|[cm]?[jt]sx?|txt|log|md|tf|tfvars|tpl|sh|py|env|toml|ini|conf|zip|gz)$/i;

/** Names that may be hosts; the last label of one is a word. */
const hostsIn = (text: string): Host[] =>
  [...text.matchAll(hostPattern)].flatMap((found) => {
    const host = found[0].toLowerCase();
    return /\.[a-z]{2,}$/.test(host) && !fileEnding.test(host)
      ? [{ host, start: found.index, end: found.index + host.length }]
      : [];
  });

/** The region that is a whole label of the host: a bucket's name may hold another. AWS has names with short forms too. */
const regionOfHost = (host: string): string | undefined =>
  readHost(host).region ??
  host.split(".").find((label) => regionsIn(label).some(({ start, end }) => start === 0 && end === label.length));

const isImageField = ({ field }: Literal): boolean => /^(?:image|registry|repository)$/i.test(field.at(-1) ?? "");
const ecrPattern = /^\d{12}\.dkr[.-]ecr(?:-fips)?\./;

function regionalHosts(literal: Literal, ofImages: boolean, says: (region: string) => string): Match[] {
  return hostsIn(literal.text).flatMap(({ host, start, end }) => {
    const region = regionOfHost(host);
    if (legacyS3.test(host)) return [];
    const isRegistry = isImageField(literal) || ecrPattern.test(host);
    return region === undefined || isRegistry !== ofImages ? [] : [{ start, end, host, region, says: says(region) }];
  });
}

export const regionalEndpoint: Rule = {
  id: "regional-endpoint",
  title: "An endpoint of one region",
  help: "When that region is lost, nobody answers at this host. Let the SDK find the endpoint from the region in which the step runs, or use a name that the failover moves.",
  source: "https://docs.aws.amazon.com/general/latest/gr/rande.html",
  inText: (literal) => regionalHosts(literal, false, (region) => `is a host in ${region}`),
};

export const imageRegistry: Rule = {
  id: "image-registry",
  title: "An image in a registry of one region",
  help: "Pods pull their image when they start, which for a standby is during the failover. Replicate the registry and name the one of the pod's own region.",
  source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html",
  inText: (literal) => regionalHosts(literal, true, (region) => `is pulled from a registry in ${region}`),
};

/**
 * S3 hosts from before regional endpoints: `s3.amazonaws.com` (and a bucket's name before it) is answered from us-east-1 first and redirects;
 * `s3-us-west-2` is the dash form. Source: "Legacy endpoints", S3 User Guide (VirtualHosting).
 */
const legacyS3 = /^(?:.+\.)?s3(?:-external-1)?\.amazonaws\.com$/;
const dashedS3 = /^(?:.+\.)?s3-([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

export const legacyS3Host: Rule = {
  id: "legacy-s3-host",
  title: "A legacy S3 host",
  help: "The host without a region leans on us-east-1 for buckets of every region, and the dash form is one region's. Use s3.REGION.amazonaws.com, with the region taken from where the step runs.",
  source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html",
  inText: (literal) =>
    hostsIn(literal.text).flatMap(({ host, start, end }) => {
      const dashed = regionsIn(dashedS3.exec(host)?.[1] ?? "")[0]?.region;
      if (dashed !== undefined) return [{ start, end, host, region: dashed, says: `is a legacy S3 host of ${dashed}` }];
      // The namespace of S3's XML is a name and no address.
      const isNamespace = literal.text.startsWith("/doc/20", end);
      if (!legacyS3.test(host) || isNamespace || !isAddress(literal, host, start)) return [];
      return [
        {
          start,
          end,
          host,
          region: "us-east-1",
          isGlobal: true,
          says: "is the legacy S3 host, which us-east-1 answers",
        },
      ];
    }),
};

/** Global names that are no API of the atlas. Source: AWS Fault Isolation Boundaries, "Global services"; the event of October 2025 (AWS 101925). */
const otherGlobalHosts: ReadonlyMap<string, string> = new Map([
  ["signin.aws.amazon.com", "us-east-1"],
  ["support.amazonaws.com", "us-east-1"],
]);

function globalRegionOf(host: string): string | undefined {
  const { globalService } = readHost(host);
  if (globalService === undefined) return otherGlobalHosts.get(host);
  // STS is no control plane, but its global name is answered by the first region for callers outside AWS.
  return controlPlanes.find(({ services }) => services.includes(globalService))?.region ?? "us-east-1";
}

export const globalEndpoint: Rule = {
  id: "global-endpoint",
  title: "A global endpoint that one region serves",
  help: "The control plane behind this host lives in one region, whatever region the caller is in. Keep it out of the failover: prepare what it would make, and use data planes (health checks, routing controls, regional STS endpoints).",
  source: "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html",
  inText: (literal) =>
    hostsIn(literal.text).flatMap(({ host, start, end }) => {
      const region = globalRegionOf(host);
      return region === undefined || !isAddress(literal, host, start)
        ? []
        : [{ start, end, host, region, isGlobal: true, says: `is a global host that ${region} serves` }];
    }),
};

/** `iam.amazonaws.com` by itself may as well be a service principal in a policy: it is an address where a scheme, a path or its field says so. */
function isAddress({ text, field, isProse }: Literal, host: string, start: number): boolean {
  const isBare = /^[a-z0-9-]+\.amazonaws\.com$/.test(host);
  if (!isBare || isProse === true) return !field.some((name) => /^(?:Principal|Service)$/.test(name));
  const before = text.slice(0, start);
  return /:\/\/$/.test(before) || field.some((name) => /endpoint|host|url|uri|address|origin/i.test(name));
}
