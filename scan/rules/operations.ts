import type { Call, Literal, Match, Rule } from "../types.ts";

/**
 * Services whose whole API is one region's control plane. Source: AWS Fault Isolation Boundaries, "Global services" and appendices A to C.
 * Names are as in ARNs and SDK packages, without hyphens.
 */
const globalServices: ReadonlyMap<string, { readonly title: string; readonly region: string }> = new Map([
  ["route53", { title: "Route 53", region: "us-east-1" }],
  ["route53domains", { title: "Route 53 domains", region: "us-east-1" }],
  ["iam", { title: "IAM", region: "us-east-1" }],
  ["cloudfront", { title: "CloudFront", region: "us-east-1" }],
  ["organizations", { title: "Organizations", region: "us-east-1" }],
  ["account", { title: "Account Management", region: "us-east-1" }],
  ["shield", { title: "Shield Advanced", region: "us-east-1" }],
  ["waf", { title: "WAF Classic for CloudFront", region: "us-east-1" }],
  ["ecrpublic", { title: "ECR Public", region: "us-east-1" }],
  ["globalaccelerator", { title: "Global Accelerator", region: "us-west-2" }],
  ["route53recoverycontrolconfig", { title: "ARC routing controls", region: "us-west-2" }],
  ["route53recoveryreadiness", { title: "ARC readiness checks", region: "us-west-2" }],
  ["networkmanager", { title: "Network Manager", region: "us-west-2" }],
]);

/**
 * Regional operations that need us-east-1 all the same, for a DNS name made by Route 53's control plane or for S3's bucket settings. Source: the
 * same paper, "Global single-region operations" and "Services that use Route 53"; RDS instances stand in its list of anti-patterns.
 */
const hidden: readonly { readonly service: string; readonly operations: RegExp; readonly needs: string }[] = [
  {
    service: "s3",
    operations: /^(?:Create|Delete)Bucket$|^(?:Put|Delete)Bucket(?!.*Inventory|.*Analytics|.*Metrics)[A-Z]\w*$/i,
    needs: "bucket settings are written in us-east-1",
  },
  { service: "rds", operations: /^(?:CreateDBInstance|RestoreDBInstance)/i, needs: dnsNameOf("an instance") },
  { service: "elasticloadbalancing", operations: /^CreateLoadBalancer$/i, needs: dnsNameOf("a load balancer") },
  { service: "eks", operations: /^CreateCluster$/i, needs: dnsNameOf("an EKS cluster") },
  { service: "ec2", operations: /^CreateVpcEndpoint$/i, needs: dnsNameOf("a VPC endpoint") },
  { service: "lambda", operations: /^CreateFunctionUrlConfig$/i, needs: dnsNameOf("a function URL") },
  { service: "apigateway", operations: /^Create(?:RestApi|DomainName)$/i, needs: dnsNameOf("an API") },
  { service: "apigatewayv2", operations: /^Create(?:Api|DomainName)$/i, needs: dnsNameOf("an API") },
  { service: "elasticache", operations: /^Create(?:CacheCluster|ReplicationGroup)/i, needs: dnsNameOf("a cache") },
  { service: "opensearch", operations: /^CreateDomain$/i, needs: dnsNameOf("a domain") },
  { service: "memorydb", operations: /^CreateCluster$/i, needs: dnsNameOf("a cluster") },
  { service: "neptune", operations: /^CreateDBInstance$/i, needs: dnsNameOf("an instance") },
  { service: "dax", operations: /^CreateCluster$/i, needs: dnsNameOf("a cluster") },
  {
    service: "servicediscovery",
    operations: /^(?:Create\w*DnsNamespace|RegisterInstance)$/i,
    needs: dnsNameOf("a service"),
  },
];

function dnsNameOf(what: string): string {
  return `${what} gets its DNS name from Route 53's control plane in us-east-1`;
}

/** CloudFormation's resource types, by the service in their name. */
const serviceOfResource: Readonly<Record<string, string>> = {
  elasticloadbalancingv2: "elasticloadbalancing",
  opensearchservice: "opensearch",
  route53recoverycontrol: "route53recoverycontrolconfig",
};
const operationOfResource: Readonly<Record<string, string>> = {
  "S3 BucketPolicy": "PutBucketPolicy",
  "Lambda Url": "CreateFunctionUrlConfig",
  "EC2 VPCEndpoint": "CreateVpcEndpoint",
};
const resourceType = /^AWS::(\w+)::(\w+)$/;

/** The operation with which CloudFormation makes a resource of this type. */
function callOfResource(text: string): Call | undefined {
  const [, family, kind] = resourceType.exec(text) ?? [];
  if (family === undefined || kind === undefined) return undefined;
  const service = family.toLowerCase();
  const operation = operationOfResource[`${family} ${kind}`] ?? `Create${kind}`;
  return { service: serviceOfResource[service] ?? service, operation, offset: 0, length: text.length };
}

export const globalControlPlane: Rule = {
  id: "global-control-plane",
  title: "A call of a control plane that lives in one region",
  help: "Route 53, IAM and other global services change things in one region only, mostly us-east-1; what is configured already goes on working everywhere. A failover that makes such a call cannot outlast the loss of that region: make roles beforehand, and let health checks or routing controls switch records that exist.",
  source: "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html",
  ofCall({ service, operation }) {
    const served = globalServices.get(service);
    if (served === undefined) return undefined;
    const { title, region } = served;
    const says = `needs the control plane of ${title}, which is in ${region}`;
    return { region, isGlobal: true, call: { service, operation }, says };
  },
  inText: (literal) => resourceMatches(literal, globalControlPlane),
};

export const hiddenControlPlane: Rule = {
  id: "hidden-control-plane",
  title: "A regional call that needs us-east-1 all the same",
  help: "The call goes to the survivor, and yet it cannot end without a control plane elsewhere. Make before the disaster what it would make: instances, load balancers, buckets and endpoints that stand ready.",
  source: "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html",
  ofCall({ service, operation }) {
    const found = hidden.find((one) => one.service === service && one.operations.test(operation));
    return (
      found && {
        region: "us-east-1",
        isGlobal: true,
        call: { service, operation },
        says: `leans on us-east-1: ${found.needs}`,
      }
    );
  },
  inText: (literal) => [...resourceMatches(literal, hiddenControlPlane), ...loadBalancers(literal)],
};

function resourceMatches({ text }: Literal, rule: Rule): Match[] {
  const call = callOfResource(text);
  const found = call && rule.ofCall?.(call);
  return found ? [{ start: 0, end: text.length, ...found }] : [];
}

/** A Kubernetes Service, or an Ingress of the AWS load balancer controller, that makes a load balancer when it is applied. */
function loadBalancers({ text, field }: Literal): Match[] {
  const last = field.at(-1);
  const isOne =
    (text === "LoadBalancer" && last === "type") ||
    (text === "alb" && (last === "ingressClassName" || last === "kubernetes.io/ingress.class"));
  const call = { service: "elasticloadbalancing", operation: "CreateLoadBalancer" };
  const says = `leans on us-east-1: ${dnsNameOf("a load balancer")}`;
  return isOne ? [{ start: 0, end: text.length, region: "us-east-1", isGlobal: true, call, says }] : [];
}
