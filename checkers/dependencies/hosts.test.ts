import { expect, test } from "vitest";
import { readHost } from "./hosts.ts";

test.each([
  ["rds.eu-west-1.amazonaws.com", "eu-west-1"],
  ["bucket.s3.us-east-2.amazonaws.com", "us-east-2"],
  ["bucket.s3.dualstack.eu-central-1.amazonaws.com", "eu-central-1"],
  ["s3-eu-west-1.amazonaws.com", "eu-west-1"],
  ["bucket.s3-website-us-west-2.amazonaws.com", "us-west-2"],
  ["s3.amazonaws.com", "us-east-1"],
  ["db.cluster-abc.us-west-2.rds.amazonaws.com", "us-west-2"],
  ["name-1.us-east-2.elb.amazonaws.com", "us-east-2"],
  ["012345678901.dkr.ecr.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
  ["ABC.gr7.ap-southeast-2.eks.amazonaws.com", "ap-southeast-2"],
  ["cache.abc.0001.use2.cache.amazonaws.com", "us-east-2"],
  ["rds.cn-north-1.amazonaws.com.cn", "cn-north-1"],
  ["lambda.eu-west-3.api.aws", "eu-west-3"],
  ["id.lambda-url.eu-north-1.on.aws", "eu-north-1"],
])("%s lies in %s", (host, region) => expect(readHost(host)).toEqual({ region }));

test.each([
  ["iam.amazonaws.com", "iam"],
  ["route53.amazonaws.com.", "route53"],
  ["sts.amazonaws.com", "sts"],
])("%s stands for the global %s", (host, globalService) => expect(readHost(host)).toEqual({ globalService }));

test.each([
  "example.com",
  "us-east-2.example.com",
  "127.10.0.1",
  "",
  "bucket.s3.amazonaws.com.example",
  "x.amazonaws.com",
])("%s says nothing", (host) => expect(readHost(host)).toEqual({}));
