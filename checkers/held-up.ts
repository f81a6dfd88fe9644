import type { CheckContext, History } from "../harness/types.ts";
import { atlasOf, hiddenPlaneOf, type Served } from "./dependencies/served.ts";
import type { Outage } from "./outage.ts";
import { failedEdges, type WaitsOn } from "./vocabulary.ts";

/** A step of the platform that did not end, and the broken thing that it waited for. */
export interface HeldUp {
  readonly step: string;
  /** `the step dns waited on Route 53's control plane in us-east-1, which was lost`. */
  readonly sentence: string;
  /** Where the reason is from, when it is the atlas that says so. */
  readonly source?: string;
  readonly evidence: readonly number[];
}

/**
 * What the failover was held up by, where the platform said what its step waited for and the atlas or the history knows that this was broken: a
 * region that was lost, or an edge that a fault had failed. Undefined when every step ended, or nobody can say why one did not.
 */
export function heldUp(history: History, outage: Outage, { regions }: CheckContext): HeldUp | undefined {
  const open = [...history.pairs<{ step?: string }, { waitsOn?: WaitsOn }>("failover", "step")].findLast(
    ({ invocation: { time }, completion }) =>
      time >= outage.from.low && time <= outage.until && completion?.type !== "ok",
  );
  const waitsOn = open?.completion?.value?.waitsOn;
  const step = open?.invocation.value?.step;
  if (open === undefined || waitsOn === undefined || step === undefined) return undefined;
  const { service, operation, region } = waitsOn;
  const world = { actors: [], ranges: [], names: [], allowed: [], controlPlanes: regions.controlPlanes };
  const evidence = [open.completion?.index ?? open.invocation.index];
  for (const served of atlasOf(world)({ service, operation, signedRegion: region })) {
    const whose = served.how === "hidden" ? hiddenPlaneOf(service) : service;
    const how = brokenAt(history, outage, regions.lost, { service: whose, region: served.region });
    if (how === undefined || served.how === "possible") continue;
    const { source } = served;
    return {
      step,
      sentence: `the step ${step} waited on ${inWords(whose, served)} in ${served.region}, which was ${how.state}${needOf(waitsOn, served)}`,
      ...(source === undefined ? {} : { source }),
      evidence: [...evidence, ...how.evidence],
    };
  }
  return undefined;
}

/** How a service of a region was broken when the outage was over. */
function brokenAt(
  history: History,
  outage: Outage,
  lost: string,
  { service, region }: { readonly service: string; readonly region: string },
): { readonly state: "lost" | "out"; readonly evidence: readonly number[] } | undefined {
  if (region === lost && !outage.planned) return { state: "lost", evidence: outage.evidence };
  const failed = failedEdges(history).find(
    ({ edges, until }) =>
      (until ?? Number.POSITIVE_INFINITY) >= outage.from.high &&
      edges.some((edge) => edge.region === region && edge.service === service),
  );
  return failed && { state: "out", evidence: failed.evidence };
}

const serviceNames: Readonly<Record<string, string>> = {
  route53: "Route 53",
  iam: "IAM",
  rds: "RDS",
  cloudformation: "CloudFormation",
  s3: "S3",
  sts: "STS",
};
const nameOf = (service: string): string => serviceNames[service] ?? service;

const inWords = (service: string, { how }: Served): string =>
  how === "control-plane" || how === "hidden" ? `${nameOf(service)}'s control plane` : nameOf(service);

const needOf = ({ service, operation, region }: WaitsOn, { how, because }: Served): string =>
  how === "hidden" ? ` (${operation} of ${nameOf(service)} in ${region} needs it: ${because})` : "";
