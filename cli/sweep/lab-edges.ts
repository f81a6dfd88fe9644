import { edgeServices } from "../../fixtures/lab/edges/edge.ts";
import { UsageError } from "../../harness/errors.ts";
import { type Edge, type FoundEdge, keyOf } from "./edges.ts";
import type { SweepPlan } from "./journal.ts";

type Regions = SweepPlan["regions"];

/** What the region of the global control planes has, for all. */
const globalServices: readonly string[] = ["route53", "iam"];

/** Edges that a lab with these regions can fail. */
export function labEdges({ lost, survivor, controlPlanes }: Regions): Edge[] {
  const isWorkplace = (region: string): boolean => region === lost || region === survivor;
  return [...new Set([lost, survivor, controlPlanes])].flatMap((region) =>
    edgeServices
      .filter((service) => {
        if (globalServices.includes(service)) return region === controlPlanes;
        return isWorkplace(region) || service === "sts";
      })
      .map((service) => ({ service, region })),
  );
}

/** The way in which a service is failed: a name server says little, and gives no address. */
export const wayOf = ({ service }: Edge, how: string): string => (service === "dns" ? "empty" : how);

/** `rds@us-west-2`, as the command line names it. Throws `UsageError` with the choices. */
export function namedEdge(name: string, regions: Regions): FoundEdge {
  const all = labEdges(regions);
  const found = all.find((edge) => keyOf(edge) === name);
  if (found === undefined)
    throw new UsageError(`--edge ${name}: the lab has no such edge`, {
      hint: `it has ${all.map(keyOf).join(", ")}`,
    });
  return { ...found, how: "atlas", because: "it was asked for", by: [], from: [] };
}

/** Where nobody says which: all of them. */
export const everyEdge = (regions: Regions): FoundEdge[] =>
  labEdges(regions).map((edge) => ({ ...edge, how: "atlas", because: "the lab can fail it", by: [], from: [] }));
