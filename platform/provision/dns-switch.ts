import { isIP } from "node:net";
import {
  CreateHealthCheckCommand,
  type HealthCheckConfig,
  HealthCheckRegion,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import { PutBucketPolicyCommand, PutPublicAccessBlockCommand } from "@aws-sdk/client-s3";
import type { Aws } from "../aws/clients.ts";
import { setSwitch } from "../aws/dns-switch.ts";
import type { DnsSwitch } from "../dns-switch.ts";
import { switchBucketName } from "../names.ts";
import { ensureBucket } from "./buckets.ts";

const key = "second-region-serves";

export interface SwitchOptions {
  readonly cluster: string;
  /** The second region, where it is to be. */
  readonly region: string;
  /** Whether the cluster lives there. */
  readonly on: boolean;
  /** Regions that checkers should not share the fate of. */
  readonly apartFrom: readonly string[];
  /** Where the region's APIs are, when not at AWS's own addresses. */
  readonly endpoint: string | undefined;
}

/** Makes the switch and the health check that looks at it. All of this is written beforehand: a bucket and a check need us-east-1, an object does not. */
export async function ensureSwitch(aws: Aws, options: SwitchOptions): Promise<DnsSwitch> {
  const { cluster, region, on } = options;
  const s3 = aws.s3(region);
  const place = { region, bucket: switchBucketName(cluster, region), key };
  await ensureBucket(s3, place.bucket, region);
  // Health checkers come without credentials, and this one object is all that they may see.
  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket: place.bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: false,
        RestrictPublicBuckets: false,
      },
    }),
  );
  await s3.send(new PutBucketPolicyCommand({ Bucket: place.bucket, Policy: readByAll(place) }));
  await setSwitch(s3, place, on);
  return { ...place, healthCheckId: await ensureHealthCheck(aws.route53(), place, options) };
}

const readByAll = ({ bucket }: Pick<DnsSwitch, "bucket">): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/${key}` }],
  });

/** The same reference twice gives the check that is there already. */
async function ensureHealthCheck(
  route53: Route53Client,
  place: Omit<DnsSwitch, "healthCheckId">,
  { apartFrom, endpoint }: SwitchOptions,
): Promise<string> {
  const create = new CreateHealthCheckCommand({
    CallerReference: place.bucket,
    HealthCheckConfig: {
      ...endpointOf(place, endpoint),
      // The quickest that there is, and a second look before a checker changes its mind.
      RequestInterval: 10,
      FailureThreshold: 2,
      Inverted: true,
      Regions: checkersApartFrom(apartFrom),
    },
  });
  const { HealthCheck } = await route53.send(create);
  if (HealthCheck?.Id === undefined) throw new Error("Route 53 gave no id for the health check");
  return HealthCheck.Id;
}

/** What is looked at: the object at S3's own address, or below the bucket's path where S3 is somewhere else. */
function endpointOf({ region, bucket }: Omit<DnsSwitch, "healthCheckId">, endpoint?: string): HealthCheckConfig {
  if (endpoint === undefined) {
    const FullyQualifiedDomainName = `${bucket}.s3.${region}.amazonaws.com`;
    return { Type: "HTTPS", FullyQualifiedDomainName, Port: 443, ResourcePath: `/${key}`, EnableSNI: true };
  }
  const { protocol, hostname, port } = new URL(endpoint);
  const secure = protocol === "https:";
  return {
    Type: secure ? "HTTPS" : "HTTP",
    ...(isIP(hostname) > 0 ? { IPAddress: hostname } : { FullyQualifiedDomainName: hostname }),
    Port: Number(port || (secure ? 443 : 80)),
    ResourcePath: `/${bucket}/${key}`,
  };
}

/** Route 53 wants three at least. */
const checkersApartFrom = (regions: readonly string[]): HealthCheckRegion[] =>
  Object.values(HealthCheckRegion)
    .filter((region) => !regions.includes(region))
    .slice(0, 3);
