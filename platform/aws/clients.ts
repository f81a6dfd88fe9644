import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { IAMClient } from "@aws-sdk/client-iam";
import { RDSClient } from "@aws-sdk/client-rds";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { rememberFailures } from "./waits-on.ts";

/** The AWS APIs, each asked for by the region that serves the call. */
export interface Aws {
  rds(region: string): RDSClient;
  cloudFormation(region: string): CloudFormationClient;
  s3(region: string): S3Client;
  ssm(region: string): SSMClient;
  /** Served by one region for the whole partition, us-east-1. */
  route53(): Route53Client;
  iam(): IAMClient;
}

export interface AwsOptions {
  /** Where a region's APIs are, when not at AWS's own addresses. */
  readonly endpoints?: Readonly<Record<string, string>>;
  /** The same for Route 53 and IAM. */
  readonly globalEndpoint?: string | undefined;
  /** Without them the SDK finds the process's own role. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Limit of one call. A call that passes it has an unknown outcome. */
  readonly callWithinMs: number;
}

/** Where Route 53 and IAM are written. */
export const globalRegion = "us-east-1";

export function awsClients({ endpoints = {}, globalEndpoint, credentials, callWithinMs }: AwsOptions): Aws {
  const at = (region: string, endpoint: string | undefined) => ({
    region,
    // Whoever calls asks again by itself, and must know of each try.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: Math.min(1_000, callWithinMs),
      requestTimeout: callWithinMs,
      throwOnRequestTimeout: true,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  const regional = <Client extends Parameters<typeof rememberFailures>[0]>(
    service: string,
    make: (options: ReturnType<typeof at>) => Client,
  ) => {
    const made = new Map<string, Client>();
    return (region: string): Client => {
      const client = made.get(region) ?? rememberFailures(make(at(region, endpoints[region])), { service, region });
      made.set(region, client);
      return client;
    };
  };
  const ofGlobal = (service: string) => ({ service, region: globalRegion });
  const route53 = rememberFailures(new Route53Client(at(globalRegion, globalEndpoint)), ofGlobal("route53"));
  const iam = rememberFailures(new IAMClient(at(globalRegion, globalEndpoint)), ofGlobal("iam"));
  return {
    rds: regional("rds", (options) => new RDSClient(options)),
    cloudFormation: regional("cloudformation", (options) => new CloudFormationClient(options)),
    s3: regional("s3", (options) => new S3Client({ ...options, forcePathStyle: options.endpoint !== undefined })),
    ssm: regional("ssm", (options) => new SSMClient(options)),
    route53: () => route53,
    iam: () => iam,
  };
}
