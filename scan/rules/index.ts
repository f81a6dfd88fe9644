import type { Rule } from "../types.ts";
import { parameterOrSecret, regionalArn } from "./arns.ts";
import { globalEndpoint, imageRegistry, legacyS3Host, regionalEndpoint } from "./hosts.ts";
import { availabilityZone, regionName } from "./names.ts";
import { globalControlPlane, hiddenControlPlane } from "./operations.ts";

/** The exact ones first: where two find the same region in the same place, the first one tells it. */
export const rules: readonly Rule[] = [
  parameterOrSecret,
  regionalArn,
  imageRegistry,
  legacyS3Host,
  regionalEndpoint,
  globalEndpoint,
  availabilityZone,
  globalControlPlane,
  hiddenControlPlane,
  regionName,
];

export const ruleIds: readonly string[] = rules.map(({ id }) => id);
