import { describe, expect, it } from "vitest";
import { contentsOf } from "../read/index.ts";
import { scanOf } from "../testing.ts";
import { ruleIds, rules } from "./index.ts";

/** Each rule's planted defects: a file's name, its text, and what must be found in it when us-east-2 is asked about. */
const planted: Readonly<Record<string, readonly (readonly [path: string, text: string, found: string])[]>> = {
  "region-name": [
    ["a.ts", 'const region = "us-east-2";', "us-east-2"],
    ["a.ts", `const bucket = \`acme-logs-us-east-2-\${n}\`;`, "us-east-2"],
    ["a.tf", 'region = "us-east-2"', "us-east-2"],
    [".env", "AWS_REGION=us-east-2", "us-east-2"],
    [".env", "ENDPOINT_US_EAST_2=x", "US_EAST_2"],
    ["a.yaml", "us-east-2:\n  size: 3", "us-east-2"],
  ],
  "availability-zone": [
    ["a.yaml", "nodeSelector:\n  topology.kubernetes.io/zone: us-east-2a", "us-east-2a"],
    ["a.ts", 'const zone = "use2-az1";', "use2-az1"],
  ],
  "regional-endpoint": [
    ["a.ts", 'const endpoint = "https://rds.us-east-2.amazonaws.com";', "rds.us-east-2.amazonaws.com"],
    [
      "a.ts",
      'connect("postgres://u:p@acme.cluster-x.us-east-2.rds.amazonaws.com:5432/db")',
      "acme.cluster-x.us-east-2.rds.amazonaws.com",
    ],
    ["a.json", '{ "url": "https://arc-region-switch.us-east-2.api.aws" }', "arc-region-switch.us-east-2.api.aws"],
    ["a.sh", "curl -s https://ABC.gr7.us-east-2.eks.amazonaws.com/healthz", "ABC.gr7.us-east-2.eks.amazonaws.com"],
  ],
  "regional-arn": [
    ["a.ts", 'const topic = "arn:aws:sns:us-east-2:123456789012:pages";', "arn:aws:sns:us-east-2:123456789012:pages"],
    [
      "a.json",
      '{ "key": "arn:aws-us-gov:kms:us-east-2:123456789012:key/1" }',
      "arn:aws-us-gov:kms:us-east-2:123456789012:key/1",
    ],
  ],
  "global-endpoint": [
    ["a.ts", 'const endpoint = "https://route53.amazonaws.com/2013-04-01/hostedzone";', "route53.amazonaws.com"],
    [".env", "STS_ENDPOINT=sts.amazonaws.com", "sts.amazonaws.com"],
    ["a.ts", 'new Client({ host: "iam.amazonaws.com" })', "iam.amazonaws.com"],
  ],
  "global-control-plane": [
    [
      "a.ts",
      'import { ChangeResourceRecordSetsCommand } from "@aws-sdk/client-route-53";\nnew ChangeResourceRecordSetsCommand({});',
      "ChangeResourceRecordSetsCommand",
    ],
    [
      "a.ts",
      'import * as iam from "@aws-sdk/client-iam";\nnew iam.PutRolePolicyCommand({});',
      "iam.PutRolePolicyCommand",
    ],
    [
      "a.ts",
      'import { IAM } from "@aws-sdk/client-iam";\nconst iam = new IAM({});\nawait iam.createRole({});',
      "iam.createRole",
    ],
    ["a.yaml", "Resources:\n  Role:\n    Type: AWS::IAM::Role", "AWS::IAM::Role"],
    [
      "a.sh",
      "aws --profile ops route53 change-resource-record-sets --zone Z1",
      "aws --profile ops route53 change-resource-record-sets",
    ],
  ],
  "hidden-control-plane": [
    ["a.ts", 'import { CreateDBInstanceCommand as Create } from "@aws-sdk/client-rds";\nnew Create({});', "Create"],
    [
      "a.ts",
      'import { PutBucketReplicationCommand } from "@aws-sdk/client-s3";\nnew PutBucketReplicationCommand({});',
      "PutBucketReplicationCommand",
    ],
    ["a.json", '{ "Resources": { "I": { "Type": "AWS::RDS::DBInstance" } } }', "AWS::RDS::DBInstance"],
    ["a.yaml", "kind: Service\nmetadata:\n  name: web\nspec:\n  type: LoadBalancer", "LoadBalancer"],
    ["a.yaml", "kind: Ingress\nspec:\n  ingressClassName: alb", "alb"],
    ["a.sh", "aws elbv2 create-load-balancer --name web", "aws elbv2 create-load-balancer"],
  ],
  "legacy-s3-host": [
    ["a.ts", `fetch(\`https://\${bucket}.s3.amazonaws.com/\${key}\`)`, `\${bucket}.s3.amazonaws.com`],
    ["a.ts", 'fetch("https://s3.amazonaws.com/acme/x")', "s3.amazonaws.com"],
    ["a.ts", 'fetch("https://acme.s3-us-east-2.amazonaws.com/x")', "acme.s3-us-east-2.amazonaws.com"],
  ],
  "image-registry": [
    [
      "a.sh",
      "docker pull 123456789012.dkr.ecr.us-east-2.amazonaws.com/app:1",
      "123456789012.dkr.ecr.us-east-2.amazonaws.com",
    ],
    [
      "a.yaml",
      "spec:\n  containers:\n    - image: registry.us-east-2.example/app@sha256:0",
      "registry.us-east-2.example",
    ],
  ],
  "parameter-or-secret": [
    ["a.ts", 'new GetParameterCommand({ Name: "/acme/us-east-2/db" })', "/acme/us-east-2/db"],
    [
      "a.ts",
      'const id = "arn:aws:secretsmanager:us-east-2:123456789012:secret:db-abc";',
      "arn:aws:secretsmanager:us-east-2:123456789012:secret:db-abc",
    ],
    [
      "a.yaml",
      'Password: "{{resolve:ssm-secure:/acme/us-east-2/db:1}}"',
      "{{resolve:ssm-secure:/acme/us-east-2/db:1}}",
    ],
  ],
};

describe.each(Object.entries(planted))("%s", (rule, defects) => {
  it.each(defects)("is found in %s: %s", (path, text, found) => {
    const all = scanOf({ [path]: text }).findings.map((one) => `${one.rule} ${one.text}`);
    expect(all).toEqual([`${rule} ${found}`]);
  });
});

it("every rule has its planted defect, its help and its source", () => {
  expect(Object.keys(planted).sort()).toEqual([...ruleIds].sort());
  for (const { help, source, title } of rules) {
    expect(help.length).toBeGreaterThan(60);
    expect(title).toMatch(/^An? /);
    expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  }
});

describe("what is no dependency", () => {
  it.each([
    ["another region", "a.ts", 'const region = "us-west-2";'],
    ["a region that is only known at run time", "a.ts", `const host = \`rds.\${region}.amazonaws.com\`;`],
    ["an ARN without a region", "a.ts", 'const role = "arn:aws:iam::123456789012:role/us";'],
    ["a service principal", "a.ts", 'ensureRole("deployments", "s3.amazonaws.com", "iam.amazonaws.com");'],
    ["a principal in a policy", "a.json", '{ "Principal": { "Service": "route53.amazonaws.com" } }'],
    ["the namespace of S3's XML", "a.ts", 'const xmlns = "http://s3.amazonaws.com/doc/2006-03-01/";'],
    ["a type", "a.ts", 'type Region = "us-east-2";'],
    ["the path of a module", "a.ts", 'import "./us-east-2/settings.ts";'],
    ["a comment", "a.ts", "// us-east-2 is where it began\nrun();"],
    ["a comment", "a.yaml", "# us-east-2\na: 1"],
    ["a comment", "a.sh", "# aws route53 list-hosted-zones in us-east-2\ntrue"],
    ["a word that looks like a region", "a.ts", 'const note = "us-east-2nd, bus-east-2, us-east-22";'],
    [
      "a command of the same name from elsewhere",
      "a.ts",
      'import { CreateRoleCommand } from "./own.ts";\nnew CreateRoleCommand();',
    ],
    ["objects in buckets", "a.ts", 'import { PutObjectCommand } from "@aws-sdk/client-s3";\nnew PutObjectCommand({});'],
    ["a Service inside the cluster", "a.yaml", "kind: Service\nspec:\n  type: ClusterIP"],
    ["a file that is named after a region", "a.ts", 'read("values.eu-west-1.yaml");'],
  ])("%s, in %s: %s", (_, path, text) => {
    expect(scanOf({ [path]: text }).findings).toEqual([]);
    expect(contentsOf({ path, text }).trouble).toBeUndefined();
  });
});

it("with no region asked about, any one region is too much", () => {
  const { findings } = scanOf(
    { "a.ts": 'f("us-west-2", "eu-central-1", "us-gov-west-1", "eusc-de-east-1")' },
    { regions: [] },
  );
  expect(findings.map(({ region }) => region)).toEqual([
    "us-west-2",
    "eu-central-1",
    "us-gov-west-1",
    "eusc-de-east-1",
  ]);
});

it.each([
  ["a word", "a".repeat(300_000), "a.txt"],
  ["labels", `${"a.".repeat(300_000)}_`, "a.txt"],
  ["options", `aws${" --a b".repeat(100_000)}`, "a.sh"],
  ["unknown parts", `\`${`\${a}`.repeat(100_000)}\``, "a.ts"],
  ["regions", "us-east-2@".repeat(30_000), "a.txt"],
  ["brackets", "[".repeat(50_000), "a.yaml"],
])("a text of nothing but %s takes no long time", (_, text, path) => {
  expect(scanOf({ [path]: text }).files).toBe(1);
});
