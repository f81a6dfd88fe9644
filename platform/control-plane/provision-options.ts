import type { ProvisionOptions } from "../provision/provision.ts";
import { type Context, loadBalancerOf, registryOf } from "./context.ts";

export function provisionOptions({ config, aws, patience }: Context): ProvisionOptions {
  return {
    aws,
    patience,
    hostedZone: config.hostedZone,
    loadBalancer: (region) => loadBalancerOf(config, region),
    registry: (region) => registryOf(config, region),
    engineVersion: config.databaseEngineVersion,
    instanceClass: config.databaseInstanceClass,
    lossBoundSeconds: config.globalDatabaseRpoSeconds,
    ingressTtlSeconds: config.ingressTtlSeconds,
    deploymentTtlSeconds: config.deploymentTtlSeconds,
  };
}
