import { controlPlanes, hiddenDependencies } from "../../checkers/dependencies/atlas.ts";
import type { Call, Literal, Match, Rule } from "../types.ts";

type Said = Omit<Match, "start" | "end">;

/** Which region serves what is the atlas's word: the same that runs are judged by. */
const paper = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html";

export const globalControlPlane: Rule = {
  id: "global-control-plane",
  title: "A call of a control plane that lives in one region",
  help: "Route 53, IAM and other global services change things in one region only, mostly us-east-1; what is configured already goes on working everywhere. A failover that makes such a call cannot outlast the loss of that region: make roles beforehand, and let health checks or routing controls switch records that exist.",
  source: paper,
  inText: (literal) => resourceMatches(literal, atControlPlane),
  ofCall: atControlPlane,
};

export const hiddenControlPlane: Rule = {
  id: "hidden-control-plane",
  title: "A regional call that needs another region all the same",
  help: "The call goes to the survivor, and yet it cannot end without a control plane elsewhere. Make before the disaster what it would make: instances, load balancers, buckets and endpoints that stand ready.",
  source: paper,
  inText: (literal) => [...resourceMatches(literal, hidden), ...loadBalancers(literal)],
  ofCall: hidden,
};

function atControlPlane({ service, operation }: Call): Said | undefined {
  const plane = controlPlanes.find(({ services }) => services.includes(service));
  if (plane === undefined) return undefined;
  const { region, because } = plane;
  return { region, isGlobal: true, call: { service, operation }, says: `is served by ${region}: ${firstOf(because)}` };
}

function hidden({ service, operation }: Call): Said | undefined {
  // Resource types and the command line spell the same name otherwise: CreateDbInstance.
  const isOne = (name: string): boolean => name.toLowerCase() === operation.toLowerCase();
  const found = hiddenDependencies.find((one) => one.service === service && one.operations.some(isOne));
  if (found === undefined) return undefined;
  const { region, because, isPossible = false } = found;
  const call = { service, operation: found.operations.find(isOne) ?? operation };
  const says = isPossible ? `may need ${region}: ${firstOf(because)}` : `needs ${region} too: ${firstOf(because)}`;
  return { region, isGlobal: true, ...(isPossible ? { isPossible } : {}), call, says };
}

/** What goes on all the same, which the atlas says behind a semicolon, is no part of a finding. */
const firstOf = (because: string): string => because.split(";")[0] ?? because;

/** Families of CloudFormation's resource types whose service has another name in signatures. */
const serviceOfFamily: Readonly<Record<string, string>> = {
  elasticloadbalancingv2: "elasticloadbalancing",
  apigatewayv2: "apigateway",
  opensearchservice: "es",
  route53recoverycontrol: "route53-recovery-control-config",
  route53recoveryreadiness: "route53-recovery-readiness",
};
/** Types that an operation of another name makes. */
const operationOfType: Readonly<Record<string, string>> = {
  "S3 BucketPolicy": "PutBucketPolicy",
  "S3 MultiRegionAccessPoint": "CreateMultiRegionAccessPoint",
  "Lambda Url": "CreateFunctionUrlConfig",
  "EC2 VPCEndpoint": "CreateVpcEndpoint",
};

/** A resource type stands for the operation with which CloudFormation makes it. */
function resourceMatches({ text }: Literal, said: (call: Call) => Said | undefined): Match[] {
  const [, family, kind] = /^AWS::(\w+)::(\w+)$/.exec(text) ?? [];
  if (family === undefined || kind === undefined) return [];
  const service = serviceOfFamily[family.toLowerCase()] ?? family.toLowerCase();
  const operation = operationOfType[`${family} ${kind}`] ?? `Create${kind}`;
  const found = said({ service, operation, offset: 0, length: text.length });
  return found === undefined ? [] : [{ start: 0, end: text.length, ...found }];
}

/** A Kubernetes Service, or an Ingress of the AWS load balancer controller, that makes a load balancer when it is applied. */
function loadBalancers({ text, field }: Literal): Match[] {
  const last = field.at(-1);
  const isOne =
    (text === "LoadBalancer" && last === "type") ||
    (text === "alb" && (last === "ingressClassName" || last === "kubernetes.io/ingress.class"));
  const call = { service: "elasticloadbalancing", operation: "CreateLoadBalancer", offset: 0, length: text.length };
  const found = isOne ? hidden(call) : undefined;
  return found === undefined ? [] : [{ start: 0, end: text.length, ...found }];
}
