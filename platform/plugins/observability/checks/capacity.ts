import type { Check } from "../../../health/check.ts";
import { minus, type Room, requested, roomOf, shortages } from "../../../kubernetes/room.ts";
import { counted } from "../../../words.ts";
import type { Region } from "../region.ts";

/** Whether the region can give the nodes that all of its deployments need when they run here. */
export function checkCapacity(
  { deployments, claims, pools }: Pick<Region, "deployments" | "claims" | "pools">,
  node: { readonly cpu: string; readonly memory: string },
): Check {
  const name = "capacity";
  const short = claims
    .list()
    .flatMap(({ status }) => status?.conditions ?? [])
    .filter(({ reason }) => reason === "InsufficientCapacityError");
  const [first] = short;
  if (first !== undefined) {
    return { name, ok: false, detail: `asked for in vain: ${counted(short.length, "node")}: ${first.message ?? ""}` };
  }
  const needed = nodesFor(
    deployments.list().map(({ spec }) => requested(spec?.template.spec)),
    roomOf(node),
  );
  const limits = pools
    .list()
    .flatMap(({ spec }) => (spec?.limits?.nodes === undefined ? [] : [Number(spec.limits.nodes)]));
  if (limits.length === 0) return { name, ok: true, detail: `no limit to nodes, and ${needed} would do` };
  const given = limits.reduce((sum, one) => sum + one, 0);
  const said = `all deployments of the cluster need ${counted(needed, "node")}, and this region gives ${given}`;
  return { name, ok: needed <= given, detail: said };
}

/** Nodes that are needed when each pod goes to the first that has room for it. */
export function nodesFor(wanted: readonly Room[], whole: Room): number {
  const rooms: Room[] = [];
  for (const one of wanted) {
    const at = rooms.findIndex((room) => shortages(room, one).length === 0);
    rooms[at < 0 ? rooms.length : at] = minus(rooms[at] ?? whole, one);
  }
  return rooms.length;
}
