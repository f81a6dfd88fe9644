import {
  BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketReplicationCommand,
  HeadBucketCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Aws } from "../aws/clients.ts";
import { unless } from "../aws/errors.ts";
import { bucketName, imageBucketName, proxyBucketName } from "../names.ts";

type NameOf = (cluster: string, region: string) => string;

/** What replicates both ways: rule ID, and the bucket in each region. */
const replicated: readonly (readonly [id: string, nameOf: NameOf])[] = [
  ["logs", bucketName],
  ["images", imageBucketName],
];

/** In each region a versioned bucket for task logs, one for images, and a plain one for copies of other registries' images, which can be had again. */
export async function ensureBuckets(aws: Aws, cluster: string, regions: readonly string[]): Promise<void> {
  await Promise.all(
    regions.flatMap((region) => [
      ...replicated.map(async ([, nameOf]) => {
        await ensureBucket(aws.s3(region), nameOf(cluster, region), region);
        await ensureVersions(aws.s3(region), nameOf(cluster, region));
      }),
      ensureBucket(aws.s3(region), proxyBucketName(cluster, region), region),
    ]),
  );
}

/** Replication of logs and images from each region to the other, with Replication Time Control. Replicas are not replicated again, so there is no loop. */
export async function replicateBothWays(
  aws: Aws,
  cluster: string,
  [one, other]: readonly [string, string],
  roleArn: string,
): Promise<void> {
  const rule = (id: string, destination: string) => ({
    ID: id,
    Priority: 1,
    Status: "Enabled" as const,
    Filter: { Prefix: "" },
    DeleteMarkerReplication: { Status: "Enabled" as const },
    SourceSelectionCriteria: { ReplicaModifications: { Status: "Enabled" as const } },
    Destination: {
      Bucket: `arn:aws:s3:::${destination}`,
      // 15 is the only value that S3 accepts.
      ReplicationTime: { Status: "Enabled" as const, Time: { Minutes: 15 } },
      Metrics: { Status: "Enabled" as const, EventThreshold: { Minutes: 15 } },
    },
  });
  const replicate = (id: string, nameOf: NameOf, from: string, to: string) =>
    aws.s3(from).send(
      new PutBucketReplicationCommand({
        Bucket: nameOf(cluster, from),
        ReplicationConfiguration: { Role: roleArn, Rules: [rule(id, nameOf(cluster, to))] },
      }),
    );
  await Promise.all(
    replicated.flatMap(([id, nameOf]) => [replicate(id, nameOf, one, other), replicate(id, nameOf, other, one)]),
  );
}

/** Ends replication out of a region, whose other side is gone for good. */
export async function stopReplication(aws: Aws, cluster: string, region: string): Promise<void> {
  await Promise.all(
    replicated.map(([, nameOf]) =>
      aws.s3(region).send(new DeleteBucketReplicationCommand({ Bucket: nameOf(cluster, region) })),
    ),
  );
}

export async function ensureBucket(s3: S3Client, bucket: string, region: string): Promise<void> {
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
}

async function ensureVersions(s3: S3Client, bucket: string): Promise<void> {
  const versioned = { Bucket: bucket, VersioningConfiguration: { Status: "Enabled" as const } };
  await s3.send(new PutBucketVersioningCommand(versioned));
}
