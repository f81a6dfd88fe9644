import {
  BucketLocationConstraint,
  CreateBucketCommand,
  HeadBucketCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Aws } from "../aws/clients.ts";
import { unless } from "../aws/errors.ts";
import { bucketName } from "../names.ts";

/** A versioned bucket for task logs in each region. */
export async function ensureBuckets(aws: Aws, cluster: string, regions: readonly string[]): Promise<void> {
  await Promise.all(regions.map((region) => ensureBucket(aws.s3(region), bucketName(cluster, region), region)));
}

/** Replication from each bucket to the other, with Replication Time Control. Replicas are not replicated again, so there is no loop. */
export async function replicateBothWays(
  aws: Aws,
  cluster: string,
  [one, other]: readonly [string, string],
  roleArn: string,
): Promise<void> {
  const rule = (to: string) => ({
    ID: "logs",
    Priority: 1,
    Status: "Enabled" as const,
    Filter: { Prefix: "" },
    DeleteMarkerReplication: { Status: "Enabled" as const },
    SourceSelectionCriteria: { ReplicaModifications: { Status: "Enabled" as const } },
    Destination: {
      Bucket: `arn:aws:s3:::${bucketName(cluster, to)}`,
      // 15 is the only value that S3 accepts.
      ReplicationTime: { Status: "Enabled" as const, Time: { Minutes: 15 } },
      Metrics: { Status: "Enabled" as const, EventThreshold: { Minutes: 15 } },
    },
  });
  const replicate = (from: string, to: string) =>
    aws.s3(from).send(
      new PutBucketReplicationCommand({
        Bucket: bucketName(cluster, from),
        ReplicationConfiguration: { Role: roleArn, Rules: [rule(to)] },
      }),
    );
  await Promise.all([replicate(one, other), replicate(other, one)]);
}

async function ensureBucket(s3: S3Client, bucket: string, region: string): Promise<void> {
  const missing = await unless(
    ["NotFound", "NoSuchBucket"],
    "missing",
    s3.send(new HeadBucketCommand({ Bucket: bucket })),
  );
  if (missing === "missing") {
    // us-east-1 is S3's default and may not be named.
    const constraint = Object.values(BucketLocationConstraint).find((known) => known === region);
    const create = new CreateBucketCommand({
      Bucket: bucket,
      ...(constraint === undefined ? {} : { CreateBucketConfiguration: { LocationConstraint: constraint } }),
    });
    await unless(["BucketAlreadyOwnedByYou"], undefined, s3.send(create));
  }
  const versioned = { Bucket: bucket, VersioningConfiguration: { Status: "Enabled" as const } };
  await s3.send(new PutBucketVersioningCommand(versioned));
}
