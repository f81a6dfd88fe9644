import { regionsIn, zonesIn } from "../regions.ts";
import type { Rule } from "../types.ts";

/** The widest net, so it comes last: what a more exact rule has found already is not told twice. */
export const regionName: Rule = {
  id: "region-name",
  title: "A region by its name",
  help: "A name of one region in code or configuration is right as long as that region is there. Take the region from where the program runs (AWS_REGION, the cluster record, AWS::Region), or from the step's own input.",
  source: "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html",
  inText: ({ text }) => regionsIn(text).map((found) => ({ ...found, says: `names ${found.region}` })),
};

export const availabilityZone: Rule = {
  id: "availability-zone",
  title: "An availability zone",
  help: "A zone exists in one region only: a node selector, a subnet or a volume that names one cannot be fulfilled elsewhere. Ask the region for its zones.",
  source: "https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html",
  inText: ({ text }) =>
    zonesIn(text).map((found) => ({ ...found, says: `is an availability zone of ${found.region}` })),
};
