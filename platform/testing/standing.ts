import type { AwsCall } from "./aws.ts";
import type { Secondary } from "./secondary.ts";

/** AWS around two regions in memory, with everything that provisioning wants to make there already. */
export function standing(secondary: Secondary) {
  return (call: AwsCall): unknown => {
    const { operation, region, input } = call;
    switch (operation) {
      case "GetRole":
        return { Role: { Arn: "arn:aws:iam::000000000000:role/any" } };
      case "DescribeDBClusters":
        return { DBClusters: [databaseCluster(String(input["DBClusterIdentifier"]), region)] };
      case "DescribeDBClusterParameterGroups":
      case "PutRolePolicy":
      case "HeadBucket":
      case "PutBucketVersioning":
      case "PutBucketReplication":
      case "PutPublicAccessBlock":
      case "PutBucketPolicy":
        return {};
      default:
        return secondary.answer(call);
    }
  };
}

function databaseCluster(name: string, region: string) {
  const DBClusterArn = `arn:aws:rds:${region}:000000000000:cluster:${name}`;
  return { DBClusterIdentifier: name, DBClusterArn, Status: "available", Endpoint: "127.0.0.1", Port: 1 };
}
