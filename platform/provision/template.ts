/**
 * The stack that owns a region's database compute. `ComputeEnabled` adds and removes the instance; the cluster itself is none of its business,
 * so that no stack update can touch data. The handle costs nothing: CloudFormation wants one resource that no condition removes.
 */
export const computeTemplate = JSON.stringify({
  AWSTemplateFormatVersion: "2010-09-09",
  Description: "Compute of one region's database cluster",
  Parameters: {
    ComputeEnabled: { Type: "String", AllowedValues: ["true", "false"], Default: "false" },
    DatabaseCluster: { Type: "String" },
    DatabaseInstance: { Type: "String" },
    InstanceClass: { Type: "String" },
  },
  Conditions: { HasCompute: { "Fn::Equals": [{ Ref: "ComputeEnabled" }, "true"] } },
  Resources: {
    Anchor: { Type: "AWS::CloudFormation::WaitConditionHandle" },
    Instance: {
      Type: "AWS::RDS::DBInstance",
      Condition: "HasCompute",
      Properties: {
        DBInstanceIdentifier: { Ref: "DatabaseInstance" },
        DBClusterIdentifier: { Ref: "DatabaseCluster" },
        DBInstanceClass: { Ref: "InstanceClass" },
        Engine: "aurora-postgresql",
      },
    },
  },
});
