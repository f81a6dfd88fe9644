import { regionsIn } from "../regions.ts";
import type { Literal, Match, Rule } from "../types.ts";

/** `arn:partition:service:region:account:resource`. Source: "Amazon Resource Names", IAM User Guide. */
const arnPattern = /arn:aws[a-z-]*:([a-z0-9-]+):([a-z0-9-]+):[^:\s"']*:[^\s"',\])}]*/g;
const secretServices = new Set(["ssm", "secretsmanager"]);

function arns({ text }: Literal, isOfRule: (service: string) => boolean): Match[] {
  return [...text.matchAll(arnPattern)].flatMap((found) => {
    const [arn, service = "", place = ""] = found;
    const [mention] = regionsIn(place);
    if (mention === undefined || !isOfRule(service)) return [];
    const says = secretServices.has(service)
      ? `reads a ${service === "ssm" ? "parameter" : "secret"} that lives in ${mention.region}`
      : `is an ARN of ${service} in ${mention.region}`;
    return [{ start: found.index, end: found.index + arn.length, region: mention.region, says }];
  });
}

export const regionalArn: Rule = {
  id: "regional-arn",
  title: "An ARN of one region",
  help: "Whoever uses this ARN calls the region that it names. Build it from the region in which the step runs, or look the resource up there by name.",
  source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
  inText: (literal) => arns(literal, (service) => !secretServices.has(service)),
};

/** CloudFormation's `{{resolve:ssm:/acme/us-east-2/db}}`. Source: "Dynamic references", CloudFormation User Guide. */
const reference = /\{\{resolve:(ssm|ssm-secure|secretsmanager):[^}]*\}\}/g;
const isNamedAsOne = ({ field }: Literal): boolean => field.some((name) => /param|secret|ssm/i.test(name));
const path = /^\/[\w./-]+$/;

export const parameterOrSecret: Rule = {
  id: "parameter-or-secret",
  title: "A parameter or a secret of one region",
  help: "SSM parameters and secrets live in one region unless they are replicated. What a failover has to know must be readable in the region that survives: replicate the secret, keep the parameter in both regions, and read it from the step's own region.",
  source: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html",
  inText: (literal) => [
    ...arns(literal, (service) => secretServices.has(service)),
    ...[...literal.text.matchAll(reference)].flatMap((found) => named(found[0], found.index)),
    ...(isNamedAsOne(literal) && path.test(literal.text) ? named(literal.text, 0) : []),
  ],
};

const named = (text: string, start: number): Match[] =>
  regionsIn(text)
    .slice(0, 1)
    .map(({ region }) => ({
      start,
      end: start + text.length,
      region,
      says: `is a parameter or secret by the name of ${region}`,
    }));
