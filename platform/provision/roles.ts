import { CreateRoleCommand, GetRoleCommand, type IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { unless } from "../aws/errors.ts";
import { bucketName, deploymentRoleName, imageBucketName, replicationRoleName } from "../names.ts";

/**
 * The cluster's roles, for every region it may ever live in: IAM is written in us-east-1 only, so a failover must find them there.
 * Gives the ARN of the replication role.
 */
export async function ensureRoles(iam: IAMClient, cluster: string, regions: readonly string[]): Promise<string> {
  const buckets = regions.map((region) => `arn:aws:s3:::${bucketName(cluster, region)}`);
  const replicated = [...buckets, ...regions.map((region) => `arn:aws:s3:::${imageBucketName(cluster, region)}`)];
  const objectsIn = (arns: readonly string[]) => arns.map((arn) => `${arn}/*`);
  const use = { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: objectsIn(buckets) };
  const [replication] = await Promise.all([
    ensureRole(iam, replicationRoleName(cluster), "s3.amazonaws.com", [
      { Effect: "Allow", Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: replicated },
      {
        Effect: "Allow",
        Action: ["s3:GetObjectVersion*", "s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
        Resource: objectsIn(replicated),
      },
    ]),
    ...regions.map((region) => ensureRole(iam, deploymentRoleName(cluster, region), "pods.eks.amazonaws.com", [use])),
  ]);
  return replication;
}

async function ensureRole(iam: IAMClient, name: string, trusted: string, statements: object[]): Promise<string> {
  const ask = () => unless(["NoSuchEntityException"], undefined, iam.send(new GetRoleCommand({ RoleName: name })));
  const policy = (statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statement });
  let found = await ask();
  if (found === undefined) {
    const trust = { Effect: "Allow", Principal: { Service: trusted }, Action: ["sts:AssumeRole", "sts:TagSession"] };
    const create = new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: policy([trust]) });
    await unless(["EntityAlreadyExistsException"], undefined, iam.send(create));
    found = await ask();
  }
  const arn = found?.Role?.Arn;
  if (arn === undefined) throw new Error(`IAM role ${name} is not there after it was made`);
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "use", PolicyDocument: policy(statements) }));
  return arn;
}
