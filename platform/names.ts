/** Names of everything a cluster owns, from its id alone, so that any step can find its objects again. */
export const globalClusterName = (cluster: string) => `${cluster}-global`;
export const databaseClusterName = (cluster: string, region: string) => `${cluster}-${region}`;
export const databaseInstanceName = (cluster: string, region: string) => `${cluster}-${region}-1`;
export const parameterGroupName = (cluster: string) => `${cluster}-database`;
export const stackName = (cluster: string) => `${cluster}-database`;
export const bucketName = (cluster: string, region: string) => `${cluster}-logs-${region}`;
export const imageBucketName = (cluster: string, region: string) => `${cluster}-images-${region}`;
export const proxyBucketName = (cluster: string, region: string) => `${cluster}-proxy-${region}`;
/** What the name servers' health checkers look at, in a region that stands by. */
export const switchBucketName = (cluster: string, region: string) => `${cluster}-switch-${region}`;
export const eksClusterName = (cluster: string, region: string) => `${cluster}-${region}`;
/** Each region has its own, made beforehand: a region that is left takes no role along. */
export const deploymentRoleName = (cluster: string, region: string) => `${cluster}-deployments-${region}`;
export const replicationRoleName = (cluster: string) => `${cluster}-replication`;
export const ingressRecordName = (cluster: string, zone: string) => `ingress.${cluster}.${zone}`;
export const deploymentRecordName = (deployment: string, zone: string) => `${deployment}.${zone}`;
/** PostgreSQL identifiers have no dashes. */
export const schemaName = (deployment: string) => deployment.replaceAll("-", "_");
/** An IAM role of the account in which a resource of this ARN is. */
export const roleArn = (resourceArn: string, role: string) => `arn:aws:iam::${resourceArn.split(":")[4]}:role/${role}`;
