import { expect, test } from "vitest";
import type { EgressSeen } from "../vocabulary.ts";
import { controlPlanes, hiddenDependencies } from "./atlas.ts";
import { atlasOf } from "./served.ts";

const world = { actors: [], allowed: [], names: [], ranges: [], controlPlanes: "us-east-1" };
const served = (seen: Partial<EgressSeen>, change = {}) =>
  atlasOf({ ...world, ...change })(seen).map(({ region, how }) => `${how} ${region}`);
const signed = { signedRegion: "eu-west-1" };

test.each<[string, Partial<EgressSeen>, string[]]>([
  ["a regional endpoint", { host: "rds.eu-west-1.amazonaws.com", service: "rds" }, ["place eu-west-1"]],
  [
    "an endpoint of one's own, by its signature",
    { host: "proxy.internal", service: "rds", ...signed },
    ["place eu-west-1"],
  ],
  [
    "IAM from anywhere",
    { host: "iam.amazonaws.com", service: "iam", signedRegion: "us-east-1" },
    ["control-plane us-east-1"],
  ],
  [
    "Global Accelerator, signed for the caller's region",
    { host: "globalaccelerator.eu-west-1.amazonaws.com", service: "globalaccelerator", ...signed },
    ["control-plane us-west-2", "place eu-west-1"],
  ],
  [
    "ARC's configuration",
    { service: "route53-recovery-control-config", host: "x.example" },
    ["control-plane us-west-2"],
  ],
  [
    "ARC's data plane",
    { service: "route53-recovery-cluster", host: "abc.route53-recovery-cluster.eu-west-1.amazonaws.com" },
    ["place eu-west-1"],
  ],
  ["STS in a region", { host: "sts.eu-west-1.amazonaws.com", service: "sts", ...signed }, ["place eu-west-1"]],
  ["the global STS", { host: "sts.amazonaws.com", service: "sts", signedRegion: "us-east-1" }, ["place us-east-1"]],
  ["a look-up of a global service", { host: "route53.amazonaws.com" }, ["control-plane us-east-1"]],
  ["an object", { host: "b.s3.eu-west-1.amazonaws.com", service: "s3", operation: "PutObject" }, ["place eu-west-1"]],
  [
    "a bucket",
    { host: "b.s3.eu-west-1.amazonaws.com", service: "s3", operation: "CreateBucket" },
    ["place eu-west-1", "hidden us-east-1"],
  ],
  [
    "a bucket in us-east-1",
    { host: "b.s3.us-east-1.amazonaws.com", service: "s3", operation: "PutBucketPolicy" },
    ["place us-east-1"],
  ],
  [
    "a load balancer",
    { service: "elasticloadbalancing", operation: "CreateLoadBalancer", ...signed },
    ["place eu-west-1", "hidden us-east-1"],
  ],
  [
    "a stack",
    { service: "cloudformation", operation: "UpdateStack", ...signed },
    ["place eu-west-1", "possible us-east-1"],
  ],
  ["a name of nobody's", { host: "example.com" }, []],
  ["a set of regions", { host: "mrap.example", service: "s3", signedRegion: "*" }, []],
])("%s", (_, seen, regions) => expect(served(seen)).toEqual(regions));

test("knows this run's own addresses and names before all else", () => {
  const lab = {
    ranges: [["127.10.0.0/16", "us-east-2"]],
    names: [["us-west-2.lab.example", "us-west-2"]],
    controlPlanes: "ca-central-1",
  };
  expect(served({ host: "127.10.0.1", service: "rds", ...signed }, lab)).toEqual(["place us-east-2"]);
  expect(served({ host: "named.example", address: "127.10.0.1" }, lab)).toEqual(["place us-east-2"]);
  expect(served({ host: "registry.us-west-2.lab.example" }, lab)).toEqual(["place us-west-2"]);
  expect(served({ host: "127.10.0.1", service: "route53" }, lab)).toEqual([
    "control-plane ca-central-1",
    "place us-east-2",
  ]);
});

test("without a region of the control planes, takes the first of the caller's partition", () => {
  const elsewhere = { controlPlanes: undefined };
  expect(served({ service: "iam", signedRegion: "cn-north-1" }, elsewhere)).toEqual(["control-plane cn-northwest-1"]);
  expect(served({ service: "iam", signedRegion: "us-gov-east-1" }, elsewhere)).toEqual(["control-plane us-gov-west-1"]);
});

test("every entry of the atlas has its reason and its source, and no service has two control planes", () => {
  for (const { because, source, region } of [...controlPlanes, ...hiddenDependencies])
    expect([because, source, region]).not.toContain("");
  const services = controlPlanes.flatMap((one) => one.services);
  expect(new Set(services).size).toBe(services.length);
});
