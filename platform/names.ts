/** Names of everything a cluster owns, from its id alone, so that any step can find its objects again. */
export const globalClusterName = (cluster: string) => `${cluster}-global`;
export const databaseClusterName = (cluster: string, region: string) => `${cluster}-${region}`;
export const databaseInstanceName = (cluster: string, region: string) => `${cluster}-${region}-1`;
export const parameterGroupName = (cluster: string) => `${cluster}-database`;
export const stackName = (cluster: string) => `${cluster}-database`;
export const bucketName = (cluster: string, region: string) => `${cluster}-logs-${region}`;
export const imageBucketName = (cluster: string, region: string) => `${cluster}-images-${region}`;
export const proxyBucketName = (cluster: string, region: string) => `${cluster}-proxy-${region}`;
export const eksClusterName = (cluster: string, region: string) => `${cluster}-${region}`;
export const deploymentRoleName = (cluster: string) => `${cluster}-deployments`;
export const replicationRoleName = (cluster: string) => `${cluster}-replication`;
export const ingressRecordName = (cluster: string, zone: string) => `ingress.${cluster}.${zone}`;
export const deploymentRecordName = (deployment: string, zone: string) => `${deployment}.${zone}`;
/** PostgreSQL identifiers have no dashes. */
export const schemaName = (deployment: string) => deployment.replaceAll("-", "_");
