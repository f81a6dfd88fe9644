/**
 * Which region serves a call that does not say so itself. Services by the names that their signatures have.
 *
 * Sources: WP: the AWS whitepaper "AWS Fault Isolation Boundaries", sections "Global services" and appendices A to C. EP: endpoint rules of the
 * SDK for JavaScript v3 and of botocore. API: the service's own reference. INF: inferred from these.
 */
export interface ControlPlane {
  readonly services: readonly string[];
  /** In the partition `aws`; `us-east-1` stands for the first region of any partition. */
  readonly region: string;
  readonly because: string;
  readonly source: string;
}

/** Every operation of these is served by one region, whatever region the caller is in; what works without it is no call to them. */
export const controlPlanes: readonly ControlPlane[] = [
  {
    services: ["iam"],
    region: "us-east-1",
    because: "IAM is written and read in us-east-1; authorization goes on everywhere",
    source: "WP global services: partitional",
  },
  {
    services: ["organizations", "account"],
    region: "us-east-1",
    because: "the control plane of accounts and organizations is in us-east-1",
    source: "WP global services: partitional; EP",
  },
  {
    services: ["route53", "route53domains"],
    region: "us-east-1",
    because: "Route 53's records are changed in us-east-1; answers and health checks go on everywhere",
    source: "WP global services: edge; EP",
  },
  {
    services: ["cloudfront", "shield", "waf", "waf-regional", "cloudfront-keyvaluestore"],
    region: "us-east-1",
    because: "the control plane of the edge is in us-east-1; what is deployed there goes on",
    source: "WP global services: edge; EP",
  },
  {
    services: ["globalaccelerator"],
    region: "us-west-2",
    because: "Global Accelerator's control plane is in us-west-2; accelerators go on",
    source: "WP global services: edge; EP",
  },
  {
    services: ["route53-recovery-control-config", "route53-recovery-readiness"],
    region: "us-west-2",
    because: "ARC is configured in us-west-2; a cluster's five data plane endpoints are elsewhere",
    source: "WP global services: partitional; EP",
  },
  {
    services: ["networkmanager"],
    region: "us-west-2",
    because: "Network Manager's control plane is in us-west-2",
    source: "WP global services: partitional; EP",
  },
  {
    services: ["ecr-public"],
    region: "us-east-1",
    because: "the API of public ECR is in us-east-1; pulls are served at the edge",
    source: "EP",
  },
  {
    services: [
      ...["aws-marketplace", "metering.marketplace", "entitlement.marketplace", "budgets", "ce", "cur", "savingsplans"],
      ...["support", "chatbot", "chime", "mechanicalturk-requester"],
    ],
    region: "us-east-1",
    because: "it exists in us-east-1 only",
    source: "WP appendix C; EP",
  },
  {
    services: ["devicefarm"],
    region: "us-west-2",
    because: "it exists in us-west-2 only",
    source: "WP appendix C; EP",
  },
];

/** What some operations need of another region than the one that answers them. */
export interface HiddenDependency {
  readonly service: string;
  readonly operations: readonly string[];
  readonly region: string;
  readonly because: string;
  readonly source: string;
  /** It depends on what is asked for, which the name of the operation does not tell. */
  readonly isPossible?: true;
}

const dnsRecords = "its DNS name is made by Route 53's control plane in us-east-1";
const madeWithDns = (service: string, operations: readonly string[], source = "WP appendix A"): HiddenDependency => ({
  service,
  operations,
  region: "us-east-1",
  because: dnsRecords,
  source,
});

/** How S3 names the settings of a bucket that have a Put and mostly a Delete operation. */
const bucketSettings = [
  ...["Cors", "Replication", "Encryption", "Lifecycle", "LifecycleConfiguration", "Notification", "Logging"],
  ...["NotificationConfiguration", "Versioning", "Policy", "OwnershipControls", "Acl", "PublicAccessBlock", "Tagging"],
  ...["RequestPayment", "AccelerateConfiguration"],
];

export const hiddenDependencies: readonly HiddenDependency[] = [
  madeWithDns(
    "rds",
    ["CreateDBInstance", "CreateDBInstanceReadReplica", "CreateDBCluster", "CreateDBProxy"],
    "WP anti-patterns; INF",
  ),
  madeWithDns("elasticloadbalancing", ["CreateLoadBalancer"]),
  madeWithDns("apigateway", ["CreateRestApi", "CreateApi", "CreateDomainName"]),
  madeWithDns("ec2", ["CreateVpcEndpoint", "CreateVpcEndpointServiceConfiguration"]),
  madeWithDns("lambda", ["CreateFunctionUrlConfig"]),
  madeWithDns("elasticache", ["CreateCacheCluster", "CreateReplicationGroup", "CreateServerlessCache"]),
  madeWithDns("es", ["CreateDomain", "CreateElasticsearchDomain"]),
  madeWithDns("memorydb", ["CreateCluster"]),
  madeWithDns("dax", ["CreateCluster"]),
  madeWithDns("globalaccelerator", ["CreateAccelerator"]),
  madeWithDns("servicediscovery", ["CreatePublicDnsNamespace", "CreatePrivateDnsNamespace", "RegisterInstance"]),
  madeWithDns("eks", ["CreateCluster"]),
  {
    service: "s3",
    operations: [
      ...["CreateBucket", "DeleteBucket", "PutObjectLockConfiguration"],
      ...bucketSettings.flatMap((name) => [`PutBucket${name}`, `DeleteBucket${name}`]),
      ...["PutPublicAccessBlock", "DeletePublicAccessBlock"],
    ],
    region: "us-east-1",
    because: "buckets and their settings are written in us-east-1; objects are not",
    source: "WP appendix A",
  },
  {
    service: "s3",
    operations: [
      ...["CreateMultiRegionAccessPoint", "DeleteMultiRegionAccessPoint", "PutMultiRegionAccessPointPolicy"],
    ],
    region: "us-west-2",
    because: "Multi-Region Access Points are configured in us-west-2; routing goes on",
    source: "WP appendix B; API",
  },
  {
    service: "cloudformation",
    operations: ["CreateStack", "UpdateStack", "ExecuteChangeSet", "CreateStackInstances", "UpdateStackInstances"],
    region: "us-east-1",
    because: "a stack leans on whatever its resources lean on: roles, records, buckets and names are made in us-east-1",
    source: "INF, from WP appendix A",
    isPossible: true,
  },
];

/** The first region of the partition that a region belongs to: where its global services are. Source: `implicitGlobalRegion` of the SDK's partitions. */
export function globalRegionBeside(region = ""): string {
  if (region.startsWith("cn-")) return "cn-northwest-1";
  if (region.startsWith("us-gov-")) return "us-gov-west-1";
  return region.startsWith("eusc-") ? "eusc-de-east-1" : "us-east-1";
}
