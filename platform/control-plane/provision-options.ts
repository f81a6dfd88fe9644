import type { ProvisionOptions } from "../provision/provision.ts";
import { type Context, loadBalancerOf, registryOf } from "./context.ts";

/** Limit of one part of provisioning: whoever asks for a cluster wants to hear that it cannot be had. */
const provisionWithinMs = 3_600_000;

export function provisionOptions({ config, aws, resolveAlias, patience }: Context): ProvisionOptions {
  return {
    aws,
    resolveAlias,
    endpoint: (region) => config.aws[region]?.endpoint,
    patience: { ...patience, withinMs: config.stepWithinMs ?? provisionWithinMs },
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
