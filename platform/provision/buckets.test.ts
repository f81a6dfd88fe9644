import { expect, it } from "vitest";
import { type AwsCall, answeredAws, awsError } from "../testing/aws.ts";
import { ensureBuckets, replicateBothWays } from "./buckets.ts";

function recorded() {
  const calls: AwsCall[] = [];
  const aws = answeredAws((call) => {
    calls.push(call);
    if (call.operation === "HeadBucket") throw awsError("NotFound");
    return {};
  });
  const of = (operation: string) => calls.filter((call) => call.operation === operation);
  return { aws, of };
}
const bucketsOf = (calls: readonly AwsCall[]) => calls.map(({ region, input }) => `${input["Bucket"]} in ${region}`);

it("each region has a bucket for logs, one for images and one for copies; the copies need no versions", async () => {
  const { aws, of } = recorded();
  await ensureBuckets(aws, "acme", ["us-east-2", "us-west-2"]);
  expect(bucketsOf(of("CreateBucket")).sort()).toEqual([
    "acme-images-us-east-2 in us-east-2",
    "acme-images-us-west-2 in us-west-2",
    "acme-logs-us-east-2 in us-east-2",
    "acme-logs-us-west-2 in us-west-2",
    "acme-proxy-us-east-2 in us-east-2",
    "acme-proxy-us-west-2 in us-west-2",
  ]);
  expect(bucketsOf(of("PutBucketVersioning")).join()).not.toContain("proxy");
  expect(of("PutBucketVersioning")).toHaveLength(4);
});

it("logs and images replicate both ways with replication time control, copies do not", async () => {
  const { aws, of } = recorded();
  await replicateBothWays(aws, "acme", ["us-east-2", "us-west-2"], "role");
  const rules = of("PutBucketReplication").map(({ region, input }) => ({ region, ...input }));
  expect(rules).toHaveLength(4);
  expect(rules).toContainEqual({
    region: "us-west-2",
    Bucket: "acme-images-us-west-2",
    ReplicationConfiguration: {
      Role: "role",
      Rules: [
        expect.objectContaining({
          ID: "images",
          Destination: expect.objectContaining({
            Bucket: "arn:aws:s3:::acme-images-us-east-2",
            ReplicationTime: { Status: "Enabled", Time: { Minutes: 15 } },
          }),
        }),
      ],
    },
  });
  expect(JSON.stringify(rules)).not.toContain("proxy");
});
